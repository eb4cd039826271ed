internal import CLinux
internal import SystemPackage

/// Names inside an open directory: every call starts at the descriptor, so no rename of a parent can lead it elsewhere.
extension OwnedDescriptor {
    /// Opens the directory `path`, made first when it is missing.
    ///
    /// A directory that was there before is taken only when this process owns it and nobody else may write to it: a state
    /// folder that another user can change would let that user choose what we sign.
    ///
    /// - Throws: `LinuxError` with EACCES when somebody else owns the directory or may write to it.
    package static func directory(_ path: String, mode: UInt16 = 0o700) throws(LinuxError) -> OwnedDescriptor {
        try make(Array(path.utf8), at: AT_FDCWD, mode: mode)
        let directory = try open(path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, stage: "open folder")
        try directory.requireOurs(path)
        return directory
    }

    /// Opens the directory `name` inside this one, made first when it is missing; its entry is on the disk on return.
    package borrowing func directory(_ name: String, mode: UInt16 = 0o700) throws(LinuxError) -> OwnedDescriptor {
        if try OwnedDescriptor.make(Array(name.utf8), at: raw, mode: mode) { try synchronise() }
        let directory = try OwnedDescriptor.open(
            Array(name.utf8), in: self, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, stage: "open folder")
        try directory.requireOurs(name)
        return directory
    }

    /// Makes a folder of the caller's, mode 0755 less the umask, unless something of that name is there.
    package static func makeFolder(_ path: [UInt8]) throws(LinuxError) { try make(path, at: AT_FDCWD, mode: 0o755) }

    /// Makes a folder below this one, mode 0755 less the umask, unless something of that name is there.
    package borrowing func makeFolder(_ path: [UInt8]) throws(LinuxError) {
        try OwnedDescriptor.make(path, at: raw, mode: 0o755)
    }

    /// Renames `old` to `new`, both in this directory; a file that had the new name is gone in the same instant.
    package borrowing func rename(_ old: String, to new: String) throws(LinuxError) {
        try withPath(old) { old throws(LinuxError) in
            try withPath(new) { new throws(LinuxError) in
                try Kernel.call(
                    "rename", Int(SYS_renameat2), UInt64(argument: raw), old, UInt64(argument: raw), new, 0)
            }
        }
    }

    /// Takes the name `name` out of this directory; a name that is not there is what was asked for.
    package borrowing func remove(_ name: String) throws(LinuxError) {
        do throws(LinuxError) {
            try withPath(name) { name throws(LinuxError) in
                try Kernel.call("unlink", Int(SYS_unlinkat), UInt64(argument: raw), name, 0)
            }
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
    }

    /// Takes the empty folder `name` out of this directory; a name that is not there is what was asked for.
    ///
    /// - Throws: `LinuxError`; on a control group EBUSY says that something lives in it or below it.
    package borrowing func removeFolder(_ name: String) throws(LinuxError) {
        do throws(LinuxError) {
            try withPath(name) { path throws(LinuxError) in
                try Kernel.call(
                    "remove folder", path: name, Int(SYS_unlinkat), UInt64(argument: raw), path, UInt64(AT_REMOVEDIR))
            }
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
    }

    /// Makes a directory; false when something of that name was there.
    @discardableResult
    static func make(_ path: [UInt8], at parent: Int32, mode: UInt16) throws(LinuxError) -> Bool {
        do throws(LinuxError) {
            try withPath(path) { name throws(LinuxError) in
                try Kernel.call(
                    "make folder", path: Display.name(path), Int(SYS_mkdirat), UInt64(argument: parent), name,
                    UInt64(mode))
            }
            return true
        } catch {
            guard error.errno == .fileExists else { throw error }
            return false
        }
    }

    private borrowing func requireOurs(_ path: String) throws(LinuxError) {
        let status = try status()
        guard status.owner == OwnProcess.effectiveUser, status.mode & 0o022 == 0 else {
            throw LinuxError(
                stage: "check that nobody else can change folder", errno: .permissionDenied,
                path: Display.name(Array(path.utf8)))
        }
    }
}
