internal import CLinux
internal import Glibc
internal import SystemPackage

/// The place of a Unix socket that this process alone may serve.
///
/// A socket file that a killed process left can't be told from one in use by looking at it, and taking away one in use
/// would cut its users off without a word. So the place has a lock beside it, which the kernel gives up with its owner:
/// who holds the lock may take away the file.
package final class ClaimedSocket: Sendable {
    package let path: String

    private let folder: OwnedDescriptor
    private let name: String
    private let lock: OwnedDescriptor

    /// Claims `path`, makes its folder when that is missing, and takes away a stale socket.
    ///
    /// bind(2) makes the socket with what the umask leaves, and to connect takes the right to write (unix(7)): a service sets
    /// its umask to 077 at its start, so that there is no moment in which others can connect.
    ///
    /// - Throws: `LinuxError`: EAGAIN when another process serves the place, EEXIST when something else has the name,
    ///   ENAMETOOLONG when the kernel can't hold the path (unix(7): 107 bytes).
    package init(path: String) throws(LinuxError) {
        let folderPath: String
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        if let slash {
            folderPath = slash == path.startIndex ? "/" : String(path[..<slash])
            name = String(path[path.utf8.index(after: slash)...])
        } else {
            folderPath = "."
            name = path
        }
        guard path.utf8.count < 108 else {
            throw LinuxError(stage: "claim socket", errno: .fileNameTooLong, path: path)
        }
        self.path = path
        folder = try ClaimedSocket.folder(folderPath)
        lock = try OwnedDescriptor.open(
            Array("\(name).lock".utf8), in: folder, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600,
            stage: "open lock of socket")
        try Kernel.call(
            "claim socket", path: path, Int(SYS_flock), UInt64(argument: lock.raw), UInt64(LOCK_EX | LOCK_NB))
        try takeAwayStale()
    }

    /// Lets the socket's users connect: root alone, or everybody whom the service then asks for an identity.
    package func open(toOthers isOpen: Bool) throws(LinuxError) {
        let mode: UInt64 = isOpen ? 0o666 : 0o600
        try withPath(name) { name throws(LinuxError) in
            try Kernel.call(
                "open socket to its users", path: path, Int(SYS_fchmodat), UInt64(argument: folder.raw), name, mode)
        }
    }

    /// Others may go through the folder to the socket and see nothing in it. One that was there before keeps its mode.
    private static func folder(_ path: String) throws(LinuxError) -> OwnedDescriptor {
        do throws(LinuxError) {
            return try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY, stage: "open folder of socket")
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            let folder = try OwnedDescriptor.directory(path)
            try Kernel.call("open folder of socket", Int(SYS_fchmod), UInt64(argument: folder.raw), 0o711)
            return folder
        }
    }

    private func takeAwayStale() throws(LinuxError) {
        let file: OwnedDescriptor
        do throws(LinuxError) {
            file = try OwnedDescriptor.open(
                Array(name.utf8), in: folder, flags: Int32(CL_O_PATH) | O_NOFOLLOW, stage: "look for stale socket")
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return
        }
        guard try file.status().kind == .socket else {
            throw LinuxError(stage: "claim socket", errno: .fileExists, path: path)
        }
        try folder.remove(name)
    }
}
