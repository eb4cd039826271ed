import AsyncHTTPClient
import Glibc
import Jobs
import Linux
import Measure
import NIOCore

/// The folder that artifacts are laid into. A name appears in it only when all of its bytes are there and are right.
final class FetchFolder: Sendable {
    private let folder: OwnedDescriptor

    init(_ path: String) throws(CommandError) {
        if mkdir(path, 0o777) != 0, errno != EEXIST {
            throw .local(
                "make folder \(path): \(String(cString: strerror(errno)))", remedy: "name a folder that can be made")
        }
        do throws(LinuxError) {
            folder = try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            throw .local("\(error)", remedy: "name a folder that you can write to")
        }
    }

    /// A name that the service says, when it can only be the name of a file in our folder.
    static func safeName(_ name: String) throws(CommandError) -> FileName {
        do throws(Violation) {
            guard !name.hasPrefix(".") else { throw Violation("artifact", "name is hidden", remedy: "") }
            return try FileName(name, field: "artifact")
        } catch {
            throw .damaged("artifact \(name): its name \(error.reason)", remedy: "do not trust this service")
        }
    }

    /// The name as one component of a URL's path.
    static func escaped(_ name: FileName) -> String { name.text.escapedForPath }

    /// Writes a body under a temporary name, checks it on the way, and gives it its name.
    ///
    /// - Throws: `CommandError.damaged` when the bytes are not those of `blob`; nothing is left of them.
    func receive(
        _ body: HTTPClientResponse.Body, as name: FileName, expecting blob: Blob, from client: ServiceClient,
        _ progress: (_ received: UInt64) -> Void
    ) async throws(CommandError) {
        let temporary = ".\(name.text.prefix(200)).part"
        do throws(CommandError) {
            let file = try make(temporary)
            let received = try await copy(body, to: file, limit: blob.size, from: client, progress)
            guard received == blob else {
                throw .damaged(
                    "artifact \(name) has sha256 \(received.digest), the job's record says \(blob.digest)",
                    remedy: "fetch it again; if it stays, the service's store is damaged")
            }
            try local { () throws(LinuxError) in
                try file.synchronise()
                try folder.rename(temporary, to: name.text)
            }
        } catch {
            try? folder.remove(temporary)
            throw error
        }
    }

    private func make(_ name: String) throws(CommandError) -> OwnedDescriptor {
        do throws(LinuxError) {
            try folder.remove(name)
            return try OwnedDescriptor.open(
                Array(name.utf8), in: folder, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644,
                stage: "write artifact")
        } catch {
            throw .local("\(error)", remedy: "name a folder that you can write to")
        }
    }

    private func copy(
        _ body: HTTPClientResponse.Body, to file: borrowing OwnedDescriptor, limit: UInt64, from client: ServiceClient,
        _ progress: (UInt64) -> Void
    ) async throws(CommandError) -> Blob {
        var hasher = Hasher()
        var size: UInt64 = 0
        var pieces = body.makeAsyncIterator()
        // One piece over the limit shows that there is more; the rest need not come.
        while size <= limit {
            let piece: ByteBuffer?
            do { piece = try await pieces.next() } catch { throw client.interrupted(error) }
            guard let piece else { break }
            let bytes = Array(piece.readableBytesView)
            hasher.update(bytes)
            try local { () throws(LinuxError) in try file.write(bytes) }
            size += UInt64(bytes.count)
            progress(size)
        }
        return Blob(digest: hasher.finish(), size: size)
    }

    private func local(_ body: () throws(LinuxError) -> Void) throws(CommandError) {
        do throws(LinuxError) { try body() } catch {
            throw .local("\(error)", remedy: "make room in the folder, then fetch again")
        }
    }
}
