internal import Glibc
package import Linux
internal import SystemPackage

/// The file of a private key, checked through the same descriptor that is read.
package enum KeyFile {
    /// Opens a key file that nobody else can have read or replaced.
    ///
    /// Checks are made on the open file, never on its name: between a check by name and an open, the name can come to
    /// mean another file. O_NONBLOCK, because opening a FIFO would wait for a writer.
    ///
    /// - Parameter path: the key file; its last component must not be a symbolic link.
    /// - Throws: `SigningError.key` that says what is wrong and what to do about it.
    /// - Returns: the file, open for reading.
    package static func open(_ path: String) throws(SigningError) -> OwnedDescriptor {
        let file: OwnedDescriptor
        do throws(LinuxError) {
            file = try OwnedDescriptor.open(path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, stage: "open key")
        } catch {
            switch error.errno {
            case .noSuchFileOrDirectory: throw .key(path: path, .missing)
            case .tooManySymbolicLinkLevels: throw .key(path: path, .symbolicLink)
            case .noSuchAddressOrDevice: throw .key(path: path, .notRegular)
            default: throw .system(error)
            }
        }
        try inspect(file, path: path)
        return file
    }

    /// Refuses a file that others may read or that others own.
    static func inspect(_ file: borrowing OwnedDescriptor, path: String) throws(SigningError) {
        let status: FileStatus
        do throws(LinuxError) { status = try file.status() } catch { throw .system(error) }
        guard status.kind == .regular else { throw .key(path: path, .notRegular) }
        guard status.owner == 0 || status.owner == geteuid() else { throw .key(path: path, .owner(status.owner)) }
        guard status.mode & 0o077 == 0 else { throw .key(path: path, .mode(status.mode)) }
    }

    /// Writes `bytes` to a new file of mode 0600, and leaves nothing behind when it can't.
    ///
    /// The order is write, fsync the file, fsync the folder: when this returns, a power cut loses neither.
    static func create(_ path: String, _ bytes: UnsafeRawBufferPointer) throws(SigningError) {
        let file: OwnedDescriptor
        do throws(LinuxError) {
            file = try OwnedDescriptor.open(
                path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600, stage: "create key")
        } catch {
            throw error.errno == .fileExists ? .key(path: path, .exists) : .system(error)
        }
        do throws(LinuxError) {
            try file.write(bytes)
            try file.synchronise()
            try OwnedDescriptor.open(folder(of: path), flags: O_RDONLY | O_DIRECTORY).synchronise()
        } catch {
            unlink(path)
            throw .system(error)
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
