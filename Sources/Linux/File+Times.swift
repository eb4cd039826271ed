internal import CLinux
internal import Glibc
internal import SystemPackage

extension OwnedDescriptor {
    /// When the file's bytes, or by `touch` its times, were last set: milliseconds of UTC.
    package borrowing func modified() throws(LinuxError) -> Int64 {
        var buffer = statx()
        try withPath([]) { empty throws(LinuxError) in
            try withPointer(to: &buffer) { buffer throws(LinuxError) in
                try Kernel.call(
                    "stat", Int(SYS_statx), UInt64(argument: raw), empty, UInt64(CL_AT_EMPTY_PATH),
                    UInt64(STATX_MTIME), buffer)
            }
        }
        return buffer.stx_mtime.tv_sec * 1000 + Int64(buffer.stx_mtime.tv_nsec) / 1_000_000
    }

    /// Sets the times of the open file to now (utimensat(2) without a path or times).
    package borrowing func touch() throws(LinuxError) {
        try Kernel.call("touch", Int(SYS_utimensat), UInt64(argument: raw), 0, 0, 0)
    }
}
