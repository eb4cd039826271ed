internal import Glibc
internal import Linux

/// The machine as the kernel describes it. The host's name is left out: it says nothing of how a job ran, and who
/// publishes an AIBoM publishes this with it.
package struct Environment: Sendable, Equatable {
    /// A fact, or that it could not be learnt. There is no third thing: no 0, no "Unknown".
    package enum Fact<Value: Sendable & Equatable>: Sendable, Equatable {
        case known(Value)
        case unknown

        package var value: Value? { if case .known(let value) = self { value } else { nil } }

        init(_ value: Value?) { self = value.map(Fact.known) ?? .unknown }
    }

    package let kernelRelease: Fact<String>
    package let kernelVersion: Fact<String>
    package let machine: Fact<String>
    package let cpuModel: Fact<String>
    package let logicalCPUs: Fact<Int>
    package let memoryBytes: Fact<UInt64>
    /// Models of the NVIDIA devices of the host, and the driver's version; none and unknown where the driver is not loaded.
    package let accelerators: Fact<[String]>
    package let acceleratorDriver: Fact<String>

    /// Asks uname(2) and reads proc(5).
    package static func current() -> Environment {
        let cpuinfo = text(of: "/proc/cpuinfo", limit: 8 << 20)
        let meminfo = text(of: "/proc/meminfo", limit: 64 << 10)
        var name = utsname()
        let isNamed = uname(&name) == 0
        return Environment(
            kernelRelease: Fact(isNamed ? string(name.release) : nil),
            kernelVersion: Fact(isNamed ? string(name.version) : nil),
            machine: Fact(isNamed ? string(name.machine) : nil),
            cpuModel: Fact(cpuinfo.flatMap(cpuModel)),
            logicalCPUs: Fact(cpuinfo.flatMap(logicalCPUs)),
            memoryBytes: Fact(meminfo.flatMap(memoryBytes)), accelerators: Fact(acceleratorModels()),
            acceleratorDriver: Fact(
                text(of: "/proc/driver/nvidia/version", limit: 64 << 10).flatMap(driverVersion)))
    }
}

extension Environment {
    /// The first `model name` line; ARM kernels print none.
    static func cpuModel(cpuinfo: String) -> String? {
        values(of: "model name", in: cpuinfo).first { !$0.isEmpty }
    }

    static func logicalCPUs(cpuinfo: String) -> Int? {
        let count = values(of: "processor", in: cpuinfo).count
        return count > 0 ? count : nil
    }

    /// `MemTotal: 16384256 kB`, where kB is 1024 bytes (proc_meminfo(5)).
    static func memoryBytes(meminfo: String) -> UInt64? {
        guard let words = values(of: "MemTotal", in: meminfo).first?.split(separator: " "), words.count == 2,
            words[1] == "kB", let kibibytes = UInt64(words[0])
        else { return nil }
        let (bytes, overflow) = kibibytes.multipliedReportingOverflow(by: 1024)
        return overflow ? nil : bytes
    }

    /// `NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 …`: the first word that looks like a version.
    static func driverVersion(nvidiaVersion: String) -> String? {
        let line = values(of: "NVRM version", in: nvidiaVersion).first ?? ""
        return line.split(separator: " ").first { word in
            let parts = word.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count >= 2
                && parts.allSatisfy { part in
                    !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                }
        }.map(String.init)
    }

    /// `Model: NVIDIA H100 80GB HBM3`, in one file for each device; nil when one of them does not say.
    private static func acceleratorModels() -> [String]? {
        let folder = "/proc/driver/nvidia/gpus"
        guard OwnedDescriptor.exists(folder) else { return [] }
        guard let names = try? OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY).names(limit: 1024) else {
            return nil
        }
        var models: [String] = []
        for name in names.map({ String(decoding: $0, as: UTF8.self) }).sorted() {
            guard let information = text(of: "\(folder)/\(name)/information", limit: 64 << 10),
                let model = values(of: "Model", in: information).first, !model.isEmpty
            else { return nil }
            models.append(model)
        }
        return models
    }

    /// The text after the colon on each line whose key is `key`.
    private static func values(of key: String, in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":"), trimmed(line[..<colon]) == key else { return nil }
            return trimmed(line[line.index(after: colon)...])
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }

    private static func text(of path: String, limit: Int) -> String? {
        guard let bytes = try? OwnedDescriptor.open(path, flags: O_RDONLY).readAll(limit: limit) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A NUL-terminated member of utsname, which Swift sees as a tuple.
    private static func string<Field>(_ field: Field) -> String? {
        withUnsafeBytes(of: field) { bytes in
            let text = String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            return text?.isEmpty == true ? nil : text
        }
    }
}
