internal import CLinux
internal import SystemPackage

extension OwnedDescriptor {
    /// F_OFD_SETLK of fcntl(2): a lock that belongs to this open file, not to the process.
    private static let setLock = UInt64(37)

    /// Locks one byte of the file against every other open file, without waiting.
    ///
    /// - Parameter offset: the byte; it need not exist.
    /// - Returns: false when somebody else holds it.
    /// - Throws: `LinuxError` for anything else.
    package borrowing func lockByte(at offset: Int64) throws(LinuxError) -> Bool {
        var lock = flock(l_type: Int16(F_WRLCK), l_whence: 0, l_start: Int(offset), l_len: 1, l_pid: 0)
        let file = raw
        do {
            try withPointer(to: &lock) { lock throws(LinuxError) in
                try Kernel.call("lock", Int(SYS_fcntl), UInt64(argument: file), Self.setLock, lock)
            }
            return true
        } catch  where error.errno == .resourceTemporarilyUnavailable || error.errno == .permissionDenied {
            return false
        }
    }
}
