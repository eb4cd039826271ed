internal import CSandbox
internal import SystemPackage

/// What a privileged process does to itself once, before it has a second thread.
package enum ProcessSetup {
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

    /// Makes a folder that only root may enter, or checks that it is one.
    ///
    /// - Throws: `LinuxError`, EPERM when what stands there belongs to somebody else or is no folder.
    package static func ownFolder(_ path: String, mode: UInt16 = 0o700) throws(LinuxError) {
        do {
            try withPath(path) { name throws(LinuxError) in
                try Kernel.call(
                    "make folder", path: path, Int(SYS_mkdirat), UInt64(argument: AT_FDCWD), name, UInt64(mode))
            }
        } catch  where error.errno == .fileExists {
            let status = try OwnedDescriptor.open(path, flags: Int32(CS_O_PATH) | O_NOFOLLOW, stage: "open folder")
                .status()
            guard status.kind == .directory, status.owner == effectiveUser, status.mode & 0o022 == 0 else {
                throw LinuxError(stage: "use folder", errno: .notPermitted, path: path)
            }
        }
    }

    /// The effective uid.
    package static var effectiveUser: UInt32 { UInt32(truncatingIfNeeded: cs_call(Int(SYS_geteuid), 0, 0, 0, 0, 0, 0)) }
}
