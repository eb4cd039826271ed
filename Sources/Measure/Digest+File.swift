internal import Glibc
package import Linux

extension Digest {
    /// A digest and how many bytes it is of, from the same pass.
    package struct Measured: Sendable, Equatable {
        package let digest: Digest
        package let size: UInt64

        package init(digest: Digest, size: UInt64) {
            self.digest = digest
            self.size = size
        }
    }

    /// The digest of `bytes`.
    package static func of(_ bytes: [UInt8]) -> Digest {
        var hasher = Hasher()
        hasher.update(bytes)
        return hasher.finish()
    }

    /// The digest of everything from the descriptor's position to the end of the file.
    ///
    /// - Parameter file: must be readable; its position is at the end afterwards.
    /// - Throws: `LinuxError` of stage `read`.
    /// - Returns: the digest and the number of bytes that went into it.
    /// - Complexity: one read of the data, constant memory.
    package static func of(file: borrowing OwnedDescriptor) throws(LinuxError) -> Measured {
        // Advice only: a pipe has no read-ahead to widen, and hashing works without it.
        posix_fadvise(file.raw, 0, 0, POSIX_FADV_SEQUENTIAL)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readSize, alignment: pageSize)
        defer { buffer.deallocate() }
        var hasher = Hasher()
        var size: UInt64 = 0
        while true {
            let count = try file.read(into: buffer)
            guard count > 0 else { return Measured(digest: hasher.finish(), size: size) }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            size += UInt64(count)
        }
    }

    /// Large enough that system calls do not show, small enough to stay in the second-level cache while it is hashed.
    private static let readSize = 256 << 10
    private static let pageSize = 4096
}
