internal import CLinux
package import Linux
internal import SystemPackage

extension OwnProcess {
    /// A mount namespace of our own, from which nothing propagates to the host.
    ///
    /// Must run before any other thread exists: unshare(2) moves the calling thread, and later threads inherit from it.
    package static func leaveHostMounts() throws(LinuxError) {
        try Kernel.call("unshare mount namespace", Int(SYS_unshare), UInt64(CLONE_NEWNS))
        try makeMountsPrivate()
    }

    /// Makes an empty, read-only file system the root.
    ///
    /// Needs a mount namespace of its own. The tree becomes private first, so that the mount is seen nowhere else; /proc
    /// is only the place that every system has to mount on.
    package static func enterEmptyRoot() throws(LinuxError) {
        try makeMountsPrivate()
        try mount(
            "none", on: "/proc", type: "tmpfs", flags: [.readOnly, .noSetuid, .noDevices, .noExecute],
            options: "size=4k,nr_inodes=2,mode=0555")
        try withPath("/proc") { path throws(LinuxError) in
            try Kernel.call("enter empty root", Int(SYS_chroot), path)
        }
        try withPath("/") { path throws(LinuxError) in try Kernel.call("enter empty root", Int(SYS_chdir), path) }
    }

    /// Makes a read-only file system the root that holds one folder of the host's, at the path that it has there, and nothing else.
    ///
    /// Safe in hostile hands: nothing in it can be executed, is a device, or changes who executes it.
    ///
    /// - Parameter folder: an absolute path without `..`.
    /// - Throws: `LinuxError`.
    package static func enterRoot(holding folder: String) throws(LinuxError) {
        try makeMountsPrivate()
        let flags: MountFlags = [.noSetuid, .noDevices, .noExecute]
        // Held open: what covers /mnt may cover the folder, too.
        let source = try OwnedDescriptor.open(
            folder, flags: Int32(CL_O_PATH) | O_DIRECTORY | O_NOFOLLOW, stage: "open token folder")
        try mount("none", on: "/mnt", type: "tmpfs", flags: flags, options: "size=64k,nr_inodes=64,mode=0755")
        let parts = folder.split(separator: "/")
        // Open: our umask, the supervisor's, would keep out whoever this process becomes.
        try OwnedDescriptor.open("/mnt", flags: O_RDONLY | O_DIRECTORY, stage: "open token root")
            .makeOpenFolders(parts[...])
        let path = "/mnt/\(parts.joined(separator: "/"))"
        try mount("/proc/self/fd/\(source.raw)", on: path, type: "none", flags: [.bind], options: "")
        try mount("none", on: path, type: "none", flags: flags.union([.bind, .remount]), options: "")
        try mount("none", on: "/mnt", type: "tmpfs", flags: flags.union([.remount, .readOnly]), options: "")
        try withPath("/mnt") { path throws(LinuxError) in
            try Kernel.call("enter token root", Int(SYS_chroot), path)
        }
        try withPath("/") { path throws(LinuxError) in try Kernel.call("enter token root", Int(SYS_chdir), path) }
    }

    private static func mount(
        _ source: String, on target: String, type: String, flags: MountFlags, options: String
    ) throws(LinuxError) {
        try withPath(source) { source throws(LinuxError) in
            try withPath(target) { path throws(LinuxError) in
                try withPath(type) { type throws(LinuxError) in
                    try withPath(options) { options throws(LinuxError) in
                        try Kernel.call(
                            "mount", path: target, Int(SYS_mount), source, path, type, flags.rawValue, options)
                    }
                }
            }
        }
    }

    private static func makeMountsPrivate() throws(LinuxError) {
        try mount("none", on: "/", type: "none", flags: [.recursive, .private], options: "")
    }
}
