internal import Glibc
internal import Linux

/// What this process has, as proc(5) says; nil where it can't be read.
struct ProcessFacts {
    let residentBytes: UInt64?
    let descriptors: Int?

    static func current() -> ProcessFacts { ProcessFacts(residentBytes: resident(), descriptors: openDescriptors()) }

    /// The second number of proc_pid_statm(5), in pages.
    private static func resident() -> UInt64? {
        guard let bytes = try? OwnedDescriptor.open("/proc/self/statm", flags: O_RDONLY).readAll(limit: 4096) else {
            return nil
        }
        let numbers = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        return numbers.count > 1 ? UInt64(numbers[1]).map { $0 * UInt64(getpagesize()) } : nil
    }

    /// Without the one that counts them.
    private static func openDescriptors() -> Int? {
        guard let folder = try? OwnedDescriptor.open("/proc/self/fd", flags: O_RDONLY | O_DIRECTORY),
            let names = try? folder.names(limit: 1 << 20)
        else { return nil }
        return names.count - 1
    }
}
