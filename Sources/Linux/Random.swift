internal import CLinux

/// Bytes that nobody can guess.
package enum Random {
    /// From the kernel, once its generator is seeded: getrandom(2), which for so few is never short and can't be interrupted.
    ///
    /// - Parameter count: at most 256.
    /// - Throws: `LinuxError`; there is nothing weaker to fall back to.
    /// - Returns: the bytes.
    package static func bytes(_ count: Int) throws(LinuxError) -> [UInt8] {
        precondition((1...256).contains(count), "getrandom may be short of more than 256 bytes")
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        try span.withUnsafeMutableBytes { buffer throws(LinuxError) in
            let drawn = try Kernel.call(
                "draw random bytes", Int(SYS_getrandom), UInt64(argument: UnsafeRawPointer(buffer.baseAddress)),
                UInt64(buffer.count), 0)
            precondition(drawn == buffer.count, "getrandom gave less than was asked for")
        }
        return bytes
    }
}
