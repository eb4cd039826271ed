internal import CLinux
package import Linux
internal import SystemPackage

/// Entries that are neither files nor folders, made inside an open folder of ours.
extension OwnedDescriptor {
    /// A character device that everybody may use, and the folders on the way to it (mknod(2)).
    ///
    /// - Parameters:
    ///   - name: relative to this folder.
    ///   - number: which device.
    /// - Throws: `LinuxError`; EPERM without CAP_MKNOD.
    package borrowing func makeDevice(_ name: String, _ number: DeviceNumber) throws(LinuxError) {
        try makeOpenFolders(name.split(separator: "/").dropLast())
        let folder = raw
        try withPath(name) { name throws(LinuxError) in
            try Kernel.call(
                "make device", Int(SYS_mknodat), UInt64(argument: folder), name, UInt64(S_IFCHR), number.word)
            // Apart from mknod, so that no umask of ours can narrow it.
            try Kernel.call("set mode of device", Int(SYS_fchmodat), UInt64(argument: folder), name, 0o666)
        }
    }

    /// A folder that everybody may enter, whatever our umask is; one that is there is taken.
    package borrowing func makeOpenFolder(_ path: String) throws(LinuxError) {
        try makeFolder(Array(path.utf8))
        let made = try OwnedDescriptor.open(
            Array(path.utf8), in: self, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, stage: "open folder")
        try made.setMode(0o755)
    }

    /// The same for a path's folders, from the first down.
    ///
    /// - Parameter parts: their names, the outermost first.
    /// - Throws: `LinuxError` of the first that can't be made.
    package borrowing func makeOpenFolders(_ parts: ArraySlice<Substring>) throws(LinuxError) {
        for end in parts.indices { try makeOpenFolder(parts[...end].joined(separator: "/")) }
    }

    /// A symbolic link (symlink(2)).
    package borrowing func makeLink(_ name: String, to target: String) throws(LinuxError) {
        let folder = raw
        try withPath(target) { target throws(LinuxError) in
            try withPath(name) { name throws(LinuxError) in
                try Kernel.call("make link", Int(SYS_symlinkat), target, UInt64(argument: folder), name)
            }
        }
    }
}
