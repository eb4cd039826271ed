internal import CLinux

extension OwnedDescriptor {
    /// Bytes that the file system of this file could still take from anybody, root's reserve left out: fstatfs(2).
    package borrowing func freeBytes() throws(LinuxError) -> UInt64 {
        // struct statfs of the kernel begins f_type, f_bsize, f_blocks, f_bfree, f_bavail, each of eight bytes.
        var facts = [UInt64](repeating: 0, count: 32)
        let descriptor = raw
        var output = facts.mutableSpan
        _ = try output.withUnsafeMutableBytes { buffer throws(LinuxError) in
            try Kernel.call(
                "ask file system", Int(SYS_fstatfs), UInt64(argument: descriptor), UInt64(argument: buffer.baseAddress))
        }
        let (bytes, overflow) = facts[1].multipliedReportingOverflow(by: facts[4])
        return overflow ? .max : bytes
    }
}
