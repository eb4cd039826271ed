internal import CLinux
internal import SystemPackage

/// What a file is, from statx(2).
package struct FileStatus: Equatable, Sendable {
    package enum Kind: Equatable, Sendable { case regular, directory, symbolicLink, socket, other }

    package let kind: Kind
    package let size: UInt64
    package let links: UInt32
    package let mode: UInt16
    package let owner: UInt32
    package let group: UInt32
    package let device: UInt64
    package let inode: UInt64
    /// Of a character device: which one it is.
    package let characterDevice: DeviceNumber?
}

/// Major and minor number of a device, makedev(3).
package struct DeviceNumber: Equatable, Sendable {
    package let major: UInt32
    package let minor: UInt32

    package init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    /// As mknod(2) takes it: twelve bits of major, twenty of minor, eight of which come first.
    package var word: UInt64 {
        let (major, minor) = (UInt64(major), UInt64(minor))
        return (major & 0xfff) << 8 | minor & 0xff | (minor & ~0xff) << 12
    }
}

extension OwnedDescriptor {
    /// Opens `path` and nothing that a link in it points to.
    ///
    /// - Parameters:
    ///   - path: bytes, never a `String`: names that a job chose need not be UTF-8.
    ///   - directory: where a relative path starts; nil is the working directory.
    ///   - flags: `O_` flags; O_CLOEXEC is added.
    ///   - mode: of a file that is made; 0 otherwise.
    ///   - resolve: `RESOLVE_` flags of openat2(2).
    ///   - stage: what the caller was doing, for the error's text.
    /// - Returns: the open file.
    /// - Throws: `LinuxError` with stage and path.
    package static func open(
        _ path: [UInt8], in directory: borrowing OwnedDescriptor, flags: Int32, mode: UInt16 = 0, resolve: UInt64 = 0,
        stage: String = "open"
    ) throws(LinuxError) -> OwnedDescriptor {
        try open(path, at: directory.raw, flags: flags, mode: mode, resolve: resolve, stage: stage)
    }

    /// Opens a path of ours, absolute or from the working directory.
    package static func open(
        _ path: String, flags: Int32, mode: UInt16 = 0, resolve: UInt64 = 0, stage: String = "open"
    ) throws(LinuxError) -> OwnedDescriptor {
        try open(Array(path.utf8), at: AT_FDCWD, flags: flags, mode: mode, resolve: resolve, stage: stage)
    }

    private static func open(
        _ path: [UInt8], at directory: Int32, flags: Int32, mode: UInt16, resolve: UInt64, stage: String
    ) throws(LinuxError) -> OwnedDescriptor {
        var how = open_how(
            flags: UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), mode: UInt64(mode), resolve: resolve)
        let raw = try withPath(path) { name throws(LinuxError) in
            try withPointer(to: &how) { how throws(LinuxError) in
                try Kernel.call(
                    stage, path: Display.name(path), Int(SYS_openat2), UInt64(argument: directory), name, how,
                    UInt64(MemoryLayout<open_how>.size))
            }
        }
        return OwnedDescriptor(owning: Int32(raw))
    }

    /// Whether there is anything at `path`.
    package static func exists(_ path: String) -> Bool {
        let found = try? open(path, flags: Int32(CL_O_PATH))
        return found != nil
    }

    /// statx(2) on the open file itself.
    package borrowing func status() throws(LinuxError) -> FileStatus {
        var buffer = statx()
        try withPath([]) { empty throws(LinuxError) in
            try withPointer(to: &buffer) { buffer throws(LinuxError) in
                try Kernel.call(
                    "stat", Int(SYS_statx), UInt64(argument: raw), empty, UInt64(CL_AT_EMPTY_PATH),
                    UInt64(STATX_BASIC_STATS), buffer)
            }
        }
        return FileStatus(buffer)
    }

    /// Reads at most `buffer.count` bytes; 0 is the end of the file.
    package borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(LinuxError) -> Int {
        try Kernel.call(
            "read", Int(SYS_read), UInt64(argument: raw), UInt64(argument: buffer.baseAddress), UInt64(buffer.count))
    }

    /// Writes all of `bytes`, in as many calls as the kernel needs.
    package borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(LinuxError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let slice = UnsafeRawBufferPointer(rebasing: rest)
            let written = try Kernel.call(
                "write", Int(SYS_write), UInt64(argument: raw), UInt64(argument: slice.baseAddress),
                UInt64(slice.count))
            rest = rest.dropFirst(written)
        }
    }

    /// Writes all of `bytes`.
    package borrowing func write(_ bytes: [UInt8]) throws(LinuxError) {
        try bytes.span.withUnsafeBytes { buffer throws(LinuxError) in try write(buffer) }
    }

    /// Reads to the end, at most `limit` bytes.
    ///
    /// - Throws: `LinuxError` with EFBIG when there is more.
    package borrowing func readAll(limit: Int) throws(LinuxError) -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = try read(into: chunk)
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else { throw LinuxError(stage: "read", errno: .fileTooLarge) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// What one read(2) gives, at most `limit` bytes; empty at the end of the file.
    package borrowing func readSome(limit: Int) throws(LinuxError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var span = bytes.mutableSpan
        let count = try span.withUnsafeMutableBytes { buffer throws(LinuxError) in try read(into: buffer) }
        return Array(bytes[..<count])
    }

    /// Goes to a byte of the file; beyond its end there is nothing to read.
    package borrowing func seek(to offset: UInt64) throws(LinuxError) {
        try Kernel.call("seek", Int(SYS_lseek), UInt64(argument: raw), offset, UInt64(SEEK_SET))
    }

    /// Sets the mode, whatever the process's umask is.
    package borrowing func setMode(_ mode: UInt16) throws(LinuxError) {
        try Kernel.call("set mode", Int(SYS_fchmod), UInt64(argument: raw), UInt64(mode))
    }

    /// fsync(2): what was written is on the disk when this returns.
    package borrowing func synchronise() throws(LinuxError) {
        try Kernel.call("fsync", Int(SYS_fsync), UInt64(argument: raw))
    }

    /// syncfs(2): everything that was written to the file's file system, by whomever, is on the disk when this returns.
    package borrowing func synchroniseFileSystem() throws(LinuxError) {
        try Kernel.call("syncfs", Int(SYS_syncfs), UInt64(argument: raw))
    }
}

extension FileStatus {
    fileprivate init(_ buffer: statx) {
        let kind: Kind =
            switch Int32(buffer.stx_mode) & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFSOCK: .socket
            default: .other
            }
        self.init(
            kind: kind, size: buffer.stx_size, links: buffer.stx_nlink, mode: buffer.stx_mode & 0o7777,
            owner: buffer.stx_uid, group: buffer.stx_gid,
            device: UInt64(buffer.stx_dev_major) << 32 | UInt64(buffer.stx_dev_minor), inode: buffer.stx_ino,
            characterDevice: Int32(buffer.stx_mode) & S_IFMT == S_IFCHR
                ? DeviceNumber(major: buffer.stx_rdev_major, minor: buffer.stx_rdev_minor) : nil)
    }
}
