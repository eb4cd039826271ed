internal import CLinux
internal import SystemPackage

/// Files below an open folder, by a path of ours, and positions in them.
extension OwnedDescriptor {
    /// Opens `path` below this folder: it can't leave the folder, and no part of it may be a symbolic link (openat2(2)).
    ///
    /// - Parameters:
    ///   - path: names joined by `/`.
    ///   - flags: `O_` flags; O_CLOEXEC, O_NOFOLLOW and O_NONBLOCK are added.
    ///   - mode: of a file that is made; 0 otherwise.
    /// - Throws: `LinuxError`, ELOOP for a symbolic link.
    /// - Returns: the open file.
    package borrowing func open(
        beneath path: String, flags: Int32 = O_RDONLY, mode: UInt16 = 0
    ) throws(LinuxError) -> OwnedDescriptor {
        try OwnedDescriptor.open(
            Array(path.utf8), in: self, flags: flags | O_NOFOLLOW | O_NONBLOCK, mode: mode,
            resolve: UInt64(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS))
    }

    /// Writes all of `bytes` from byte `offset` on; the file's position stays (pwrite(2)).
    package borrowing func write(_ bytes: [UInt8], at offset: UInt64) throws(LinuxError) {
        let file = raw
        try bytes.span.withUnsafeBytes { buffer throws(LinuxError) in
            var done = 0
            while done < buffer.count {
                done += try Kernel.call(
                    "write", Int(SYS_pwrite64), UInt64(argument: file),
                    UInt64(argument: buffer.baseAddress.map { $0 + done }), UInt64(buffer.count - done),
                    offset + UInt64(done))
            }
        }
    }

    /// fdatasync(2): the bytes are on the disk, and of the inode what is needed to read them.
    package borrowing func synchroniseData() throws(LinuxError) {
        try Kernel.call("fdatasync", Int(SYS_fdatasync), UInt64(argument: raw))
    }

    /// Cuts the file, or lengthens it by zeros, to `size` bytes (ftruncate(2)).
    package borrowing func setSize(_ size: UInt64) throws(LinuxError) {
        try Kernel.call("set size", Int(SYS_ftruncate), UInt64(argument: raw), size)
    }
}

extension OwnedDescriptor {
    /// Makes a folder below this one, mode 0700, unless something of that name is there.
    package borrowing func makePrivateFolder(_ path: String) throws(LinuxError) {
        try OwnedDescriptor.make(Array(path.utf8), at: raw, mode: 0o700)
    }
}
