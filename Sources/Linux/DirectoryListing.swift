internal import CLinux
internal import SystemPackage

extension OwnedDescriptor {
    /// The names in an open folder, as bytes and in byte order, without `.` and `..`.
    ///
    /// - Parameter limit: the most names to read; a job may have made any number of them.
    /// - Returns: the names, sorted.
    /// - Throws: `LinuxError` with EOVERFLOW when there are more than `limit`.
    package borrowing func names(limit: Int) throws(LinuxError) -> [[UInt8]] {
        var names: [[UInt8]] = []
        var chunk = [UInt8](repeating: 0, count: 32 << 10)
        let folder = raw
        while true {
            let capacity = UInt64(chunk.count)
            var output = chunk.mutableSpan
            let count = try output.withUnsafeMutableBytes { buffer throws(LinuxError) in
                try Kernel.call(
                    "list folder", Int(SYS_getdents64), UInt64(argument: folder),
                    UInt64(argument: UnsafeRawPointer(buffer.baseAddress)), capacity)
            }
            if count == 0 { break }
            for name in DirectoryEntries(bytes: chunk[..<count]) where name != [0x2e] && name != [0x2e, 0x2e] {
                guard names.count < limit else { throw LinuxError(stage: "list folder", errno: .overflow) }
                names.append(name)
            }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// The records of getdents64(2): u64 inode, i64 offset, u16 record length, u8 type, name ending in NUL.
private struct DirectoryEntries: Sequence, IteratorProtocol {
    private static let nameOffset = 19
    private var rest: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next() -> [UInt8]? {
        guard rest.count > Self.nameOffset else { return nil }
        let start = rest.startIndex
        let length = Int(rest[start + 16]) | Int(rest[start + 17]) << 8
        let name = rest[(start + Self.nameOffset)..<(start + length)].prefix { $0 != 0 }
        rest = rest[(start + length)...]
        return Array(name)
    }
}
