internal import CSandbox
internal import SystemPackage

extension OwnProcess {
    /// A mount namespace of our own, from which nothing propagates to the host.
    ///
    /// Must run before any other thread exists: unshare(2) moves the calling thread, and later threads inherit from it.
    package static func leaveHostMounts() throws(LinuxError) {
        try Kernel.call("unshare mount namespace", Int(SYS_unshare), UInt64(CLONE_NEWNS))
        try withPath("none") { none throws(LinuxError) in
            try withPath("/") { root throws(LinuxError) in
                try Kernel.call(
                    "make mounts private", path: "/", Int(SYS_mount), none, root, 0,
                    (MountFlags([.recursive, .private])).rawValue, 0)
            }
        }
    }

    /// The effective uid.
    package static var effectiveUser: UInt32 { UInt32(truncatingIfNeeded: cs_call(Int(SYS_geteuid), 0, 0, 0, 0, 0, 0)) }
}
