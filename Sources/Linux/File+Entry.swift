internal import CLinux
internal import SystemPackage

extension OwnedDescriptor {
    /// Opens one entry of this folder for reading, whatever stands there under that name: no link is followed, no other
    /// folder is entered, and a FIFO is not waited for (openat2(2)).
    ///
    /// - Parameter name: of the entry; may not hold a `/`.
    /// - Throws: `LinuxError`, ELOOP for a symbolic link.
    /// - Returns: the open entry; the caller checks that it is a regular file.
    package borrowing func openEntry(_ name: [UInt8]) throws(LinuxError) -> OwnedDescriptor {
        precondition(!name.contains(UInt8(ascii: "/")), "an entry's name is one component")
        return try OwnedDescriptor.open(
            name, in: self, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
            resolve: UInt64(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS),
            stage: "open")
    }
}
