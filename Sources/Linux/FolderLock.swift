internal import CLinux
internal import Glibc
internal import SystemPackage

extension OwnedDescriptor {
    /// Locks the open folder as a whole against every other open file, without waiting: flock(2).
    ///
    /// A record lock asks for a descriptor that may write, which no folder has. The lock goes with the last copy of this
    /// descriptor: a killed process lets go of it, but a child that has not called exec yet holds on to it.
    ///
    /// - Returns: false when somebody else holds it.
    /// - Throws: `LinuxError` for anything else.
    package borrowing func lockFolder() throws(LinuxError) -> Bool {
        do {
            try Kernel.call("lock folder", Int(SYS_flock), UInt64(argument: raw), UInt64(LOCK_EX | LOCK_NB))
            return true
        } catch  where error.errno == .resourceTemporarilyUnavailable {
            return false
        }
    }

    /// Lets go of the lock, whoever else has a copy of this descriptor.
    package borrowing func unlockFolder() {
        // LOCK_UN on an open descriptor has no fault to answer with (flock(2)).
        _ = try? Kernel.call("unlock folder", Int(SYS_flock), UInt64(argument: raw), UInt64(LOCK_UN))
    }
}
