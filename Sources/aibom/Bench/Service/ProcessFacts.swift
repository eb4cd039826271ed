import Foundation
import Glibc
import Linux

/// What the kernel says of a process: proc(5).
enum ProcessFacts {
    /// Bytes of memory that a process has, shared ones by its share; what it has alone and what it has in all can't be added up.
    static func proportionalMemory(of pid: Int32) throws -> Int64 {
        try kibibytes("Pss", in: text(pid, "smaps_rollup"))
    }

    /// The most memory that it had since `forgetPeak`.
    static func peakMemory(of pid: Int32) throws -> Int64 { try kibibytes("VmHWM", in: text(pid, "status")) }

    static func memory(of pid: Int32) throws -> Int64 { try kibibytes("VmRSS", in: text(pid, "status")) }

    /// Bytes that it caused to be written to disks, as page cache or at once.
    static func bytesWritten(by pid: Int32) throws -> Int64 { try number("write_bytes", in: text(pid, "io")) }

    /// Microseconds on a CPU, in its own code and in the kernel: fields 14 and 15 of proc_pid_stat(5).
    static func processorTime(of pid: Int32) throws -> Int64 { try processorTime(in: text(pid, "stat")) }

    static func processorTime(in text: String) throws -> Int64 {
        // The name, in parentheses, may have spaces; field 3 is the first behind it.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else {
            throw CommandError.local("the kernel does not say a process's time", remedy: "run on Linux")
        }
        return (user + system) * 1_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The peak begins anew at what it has now: proc_pid_clear_refs(5).
    static func forgetPeak(of pid: Int32) throws {
        try OwnedDescriptor.open("/proc/\(pid)/clear_refs", flags: O_WRONLY).write(Array("5".utf8))
    }

    /// Its children whose program has this name.
    static func children(of parent: Int32, named name: String) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.filter { pid in
            guard let status = try? text(pid, "status") else { return false }
            return (try? number("PPid", in: status)) == Int64(parent) && field("Name", in: status) == name.prefix(15)
        }
    }

    /// How many wait for a CPU or a disk, over the last minute.
    static func loadAverage() -> Double {
        var averages = [0.0]
        return getloadavg(&averages, 1) == 1 ? averages[0] : .nan
    }

    static func kibibytes(_ name: String, in text: String) throws -> Int64 { try number(name, in: text) << 10 }

    static func number(_ name: String, in text: String) throws -> Int64 {
        guard let value = field(name, in: text)?.split(separator: " ").first.flatMap({ Int64($0) }) else {
            throw CommandError.local(
                "the kernel does not say \(name) of a process", remedy: "run as root, on Linux 4.14 or later")
        }
        return value
    }

    /// What stands behind `name:` on a line.
    private static func field(_ name: String, in text: String) -> Substring? {
        for line in text.split(separator: "\n") where line.hasPrefix("\(name):") {
            return line.dropFirst(name.utf8.count + 1).drop { $0 == " " || $0 == "\t" }
        }
        return nil
    }

    private static func text(_ pid: Int32, _ name: String) throws -> String {
        let file = try OwnedDescriptor.open("/proc/\(pid)/\(name)", flags: O_RDONLY)
        return String(decoding: try file.readAll(limit: 1 << 20), as: UTF8.self)
    }
}
