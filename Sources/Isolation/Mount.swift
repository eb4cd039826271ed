internal import CLinux
package import Linux
internal import SystemPackage

/// Flags of mount(2) that this product uses.
package struct MountFlags: OptionSet, Sendable, CustomStringConvertible {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package static let readOnly = MountFlags(rawValue: UInt64(MS_RDONLY))
    package static let noSetuid = MountFlags(rawValue: UInt64(MS_NOSUID))
    package static let noDevices = MountFlags(rawValue: UInt64(MS_NODEV))
    package static let noExecute = MountFlags(rawValue: UInt64(MS_NOEXEC))
    package static let remount = MountFlags(rawValue: UInt64(MS_REMOUNT))
    package static let bind = MountFlags(rawValue: UInt64(MS_BIND))
    package static let recursive = MountFlags(rawValue: UInt64(MS_REC))
    package static let `private` = MountFlags(rawValue: UInt64(MS_PRIVATE))

    package var description: String {
        let names: [(MountFlags, String)] = [
            (.readOnly, "MS_RDONLY"), (.noSetuid, "MS_NOSUID"), (.noDevices, "MS_NODEV"), (.noExecute, "MS_NOEXEC"),
            (.remount, "MS_REMOUNT"), (.bind, "MS_BIND"), (.recursive, "MS_REC"), (.private, "MS_PRIVATE"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: "|")
    }
}

/// Attributes of a detached mount, fixed before anybody can reach it (mount_setattr(2)).
package struct MountAttributes: OptionSet, Sendable {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package static let readOnly = MountAttributes(rawValue: UInt64(MOUNT_ATTR_RDONLY))
    package static let noSetuid = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NOSUID))
    package static let noDevices = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NODEV))
    package static let noExecute = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NOEXEC))
}

/// A mount that stands in no tree yet: reachable through its descriptor only, gone when the last descriptor is.
///
/// Its number is high: a job's tape may name it after it has put the job's streams at the low ones.
///
/// The supervisor makes them, a job's tape attaches clones of them: the supervisor keeps its own, so it can read what a job
/// wrote after the job's mount namespace is gone, and a killed supervisor leaves nothing mounted.
package struct DetachedMount: ~Copyable {
    package let descriptor: OwnedDescriptor

    init(_ raw: Int) throws(LinuxError) { descriptor = try OwnedDescriptor(owning: Int32(raw)).raised() }

    /// A new tmpfs.
    ///
    /// - Parameters:
    ///   - bytes: its size limit; a file beyond it gets ENOSPC.
    ///   - entries: its inode limit.
    ///   - owner: host uid and gid of its root folder, which has mode 0700.
    ///   - attributes: what may not be done on it.
    /// - Throws: `LinuxError` with the stage that failed.
    package init(
        temporary bytes: UInt64, entries: UInt64, owner: UInt32, attributes: MountAttributes
    ) throws(LinuxError) {
        let context = OwnedDescriptor(
            owning: Int32(
                try withPath("tmpfs") { name throws(LinuxError) in
                    try Kernel.call("fsopen tmpfs", Int(SYS_fsopen), name, UInt64(FSOPEN_CLOEXEC))
                }))
        try context.configure("size", String(bytes))
        try context.configure("nr_inodes", String(entries))
        try context.configure("mode", "0700")
        try context.configure("uid", String(owner))
        try context.configure("gid", String(owner))
        try Kernel.call(
            "create tmpfs", Int(SYS_fsconfig), UInt64(argument: context.raw),
            UInt64(FSCONFIG_CMD_CREATE.rawValue), 0, 0, 0)
        try self.init(
            Kernel.call(
                "fsmount", Int(SYS_fsmount), UInt64(argument: context.raw), UInt64(FSMOUNT_CLOEXEC),
                attributes.rawValue))
    }

    /// A private copy of the mount at an open file or folder.
    ///
    /// - Throws: `LinuxError`, EINVAL when the mount is not of this process's mount namespace.
    package init(cloning file: borrowing OwnedDescriptor, adding attributes: MountAttributes = []) throws(LinuxError) {
        let flags = UInt64(OPEN_TREE_CLONE) | UInt64(O_CLOEXEC) | UInt64(CL_AT_EMPTY_PATH)
        let tree = OwnedDescriptor(
            owning: Int32(
                try withPath([]) { empty throws(LinuxError) in
                    try Kernel.call("open_tree", Int(SYS_open_tree), UInt64(argument: file.raw), empty, flags)
                }))
        if !attributes.isEmpty { try DetachedMount.restrict(tree, attributes) }
        descriptor = try tree.raised()
    }

    /// Takes rights away from the mount, of which this process has no file open for writing.
    ///
    /// EBUSY says that somebody has one (mount_setattr(2)): a child that another thread of ours just started holds a copy of
    /// every descriptor until it calls exec, some milliseconds later.
    package borrowing func add(_ attributes: MountAttributes) throws(LinuxError) {
        for _ in 0..<2000 {
            do {
                return try DetachedMount.restrict(descriptor, attributes)
            } catch  where error.errno == .resourceBusy {
                OwnProcess.pause(microseconds: 500)
            }
        }
        try DetachedMount.restrict(descriptor, attributes)
    }

    /// Puts the mount at a path of this process's mount namespace; the descriptor goes on naming it.
    package borrowing func attach(at path: String) throws(LinuxError) {
        let raw = descriptor.raw
        try withPath([]) { empty throws(LinuxError) in
            try withPath(path) { target throws(LinuxError) in
                try Kernel.call(
                    "attach mount", path: path, Int(SYS_move_mount), UInt64(argument: raw), empty,
                    UInt64(argument: AT_FDCWD), target, UInt64(MOVE_MOUNT_F_EMPTY_PATH))
            }
        }
    }

    /// Opens the mount's own root folder, for reading and for openat2(2) below it.
    package borrowing func openRoot() throws(LinuxError) -> OwnedDescriptor {
        try OwnedDescriptor.open(
            [UInt8(ascii: ".")], in: descriptor, flags: O_RDONLY | O_DIRECTORY, stage: "open mount"
        ).raised()
    }

    private static func restrict(
        _ mount: borrowing OwnedDescriptor, _ attributes: MountAttributes
    ) throws(LinuxError) {
        var change = mount_attr(attr_set: attributes.rawValue, attr_clr: 0, propagation: 0, userns_fd: 0)
        let raw = mount.raw
        try withPath([]) { empty throws(LinuxError) in
            try withPointer(to: &change) { change throws(LinuxError) in
                try Kernel.call(
                    "mount_setattr", Int(SYS_mount_setattr), UInt64(argument: raw), empty, UInt64(CL_AT_EMPTY_PATH),
                    change, UInt64(MemoryLayout<mount_attr>.size))
            }
        }
    }
}

extension OwnedDescriptor {
    /// One option of a filesystem context, fsconfig(2).
    borrowing func configure(_ key: String, _ value: String) throws(LinuxError) {
        let context = raw
        try withPath(key) { key throws(LinuxError) in
            try withPath(value) { value throws(LinuxError) in
                try Kernel.call(
                    "fsconfig", Int(SYS_fsconfig), UInt64(argument: context), UInt64(FSCONFIG_SET_STRING.rawValue), key,
                    value, 0)
            }
        }
    }

    /// One option without a value.
    borrowing func setFlag(_ key: String) throws(LinuxError) {
        let context = raw
        try withPath(key) { key throws(LinuxError) in
            try Kernel.call(
                "fsconfig", Int(SYS_fsconfig), UInt64(argument: context), UInt64(FSCONFIG_SET_FLAG.rawValue), key, 0, 0)
        }
    }
}
