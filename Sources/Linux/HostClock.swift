internal import CLinux
internal import Glibc
internal import SystemPackage

/// What the kernel knows of its own clock.
package enum HostClock {
    /// Whether something keeps the clock right, such as NTP: adjtimex(2) answers TIME_ERROR when nothing does.
    package static func isSynchronised() throws(LinuxError) -> Bool {
        // struct timex with modes 0: only reads. It has 208 bytes; Swift needs none of them.
        var buffer = [UInt64](repeating: 0, count: 32)
        var span = buffer.mutableSpan
        let state = try span.withUnsafeMutableBytes { buffer throws(LinuxError) in
            try Kernel.call("ask the clock", Int(SYS_adjtimex), UInt64(argument: UnsafeRawPointer(buffer.baseAddress)))
        }
        return state != 5
    }

    /// When the content of an open file was last changed, in seconds since 1970: statx(2).
    package static func change(of file: borrowing OwnedDescriptor) throws(LinuxError) -> Int64 {
        var buffer = statx()
        let raw = file.raw
        try withPath([]) { empty throws(LinuxError) in
            try withPointer(to: &buffer) { buffer throws(LinuxError) in
                try Kernel.call(
                    "stat", Int(SYS_statx), UInt64(argument: raw), empty, UInt64(CL_AT_EMPTY_PATH), UInt64(STATX_MTIME),
                    buffer)
            }
        }
        return buffer.stx_mtime.tv_sec
    }
}
