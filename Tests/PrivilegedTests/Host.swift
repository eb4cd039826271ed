import Foundation

/// What the host shows of jobs.
enum Host {
    static func text(_ path: String) -> String {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    /// Processes with MARKER=`marker` in their environment.
    static func processes(marked marker: String) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int.init).filter { pid in
            text("/proc/\(pid)/environ").split(separator: "\0").contains { $0 == "MARKER=\(marker)" }
        }
    }

    /// Real, effective, saved and file system uid, as the host counts.
    static func users(of pid: Int) -> [UInt32] {
        let line = text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("Uid:") }
        return line?.split(separator: "\t").dropFirst().compactMap { UInt32($0) } ?? []
    }

    /// Loop devices on a file whose path contains `part`.
    static func loops(on part: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/block")) ?? []
        return names.filter { text("/sys/block/\($0)/loop/backing_file").contains(part) }.count
    }

    static func mounts(naming part: String) -> Int {
        text("/proc/self/mountinfo").split(separator: "\n").filter { $0.contains(part) }.count
    }

    static func namespace(_ name: String) -> String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\(name)")) ?? ""
    }

    /// Asks until `condition` holds, for at most `seconds`.
    static func eventually(within seconds: Double, _ condition: () -> Bool) -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            if condition() { return true }
            usleep(5000)
        }
        return condition()
    }
}
