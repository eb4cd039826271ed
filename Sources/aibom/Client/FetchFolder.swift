import AsyncHTTPClient
import Glibc
import Jobs
import Linux
import Measure
import NIOCore
import NIOHTTP1

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

    /// Writes what `source` sends under a temporary name, checks it on the way, and gives it its name.
    ///
    /// - Parameters:
    ///   - name: of the file.
    ///   - blob: what it has to be.
    ///   - client: of the place that sends it.
    ///   - source: asks for the bytes from an offset on; asked again when a connection breaks.
    ///   - progress: hears how many bytes are there.
    /// - Throws: `CommandError.damaged` when the bytes are not those of `blob`; nothing is left of them.
    func receive(
        _ name: FileName, expecting blob: Blob, _ client: ServiceClient,
        from source: (_ offset: UInt64) async throws(CommandError) -> HTTPClientResponse,
        _ progress: (_ received: UInt64) -> Void
    ) async throws(CommandError) {
        let temporary = ".\(name.text.prefix(200)).part"
        do throws(CommandError) {
            var copy = Arriving(file: try make(temporary), limit: blob.size)
            var persistence = Persistence()
            while true {
                let before = copy.size
                do throws(CommandError) {
                    try await copy.take(source(before), client, progress)
                    break
                } catch {
                    // Nothing came at all: a wrong address, not a break.
                    guard copy.size > 0 else { throw error }
                    try await persistence.wait(after: error, hasProgressed: copy.size > before)
                    if copy.size >= blob.size { break }
                }
            }
            let received = copy.finish()
            guard received == blob else {
                throw .damaged(
                    "artifact \(name) has sha256 \(received.digest), the job's record says \(blob.digest)",
                    remedy: "fetch it again; if it stays, the service's store is damaged")
            }
            try copy.synchronise()
            try FetchFolder.local { () throws(LinuxError) in try folder.rename(temporary, to: name.text) }
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

    fileprivate static func local(_ body: () throws(LinuxError) -> Void) throws(CommandError) {
        do throws(LinuxError) { try body() } catch {
            throw .local("\(error)", remedy: "make room in the folder, then fetch again")
        }
    }
}

/// A file on its way in, hashed as it is written.
private struct Arriving: ~Copyable {
    private let file: OwnedDescriptor
    private let limit: UInt64
    private var hasher: Hasher? = Hasher()
    private(set) var size: UInt64 = 0

    init(file: consuming OwnedDescriptor, limit: UInt64) {
        self.file = file
        self.limit = limit
    }

    /// Takes a body to its end, or to the first byte over the limit: that shows that there is more, the rest need not come.
    mutating func take(
        _ response: HTTPClientResponse, _ client: ServiceClient, _ progress: (UInt64) -> Void
    ) async throws(CommandError) {
        // Whoever knows no ranges sends what is here already once more.
        var known = response.status == .partialContent ? 0 : size
        var pieces = response.body.makeAsyncIterator()
        while size <= limit {
            let piece: ByteBuffer?
            do { piece = try await pieces.next() } catch { throw client.interrupted(error) }
            guard let piece else { break }
            let bytes = Array(piece.readableBytesView.dropFirst(Int(clamping: known)))
            known -= min(known, UInt64(piece.readableBytes))
            guard !bytes.isEmpty else { continue }
            hasher?.update(bytes)
            try write(bytes)
            size += UInt64(bytes.count)
            progress(size)
        }
    }

    private func write(_ bytes: [UInt8]) throws(CommandError) {
        try FetchFolder.local { () throws(LinuxError) in try file.write(bytes) }
    }

    func synchronise() throws(CommandError) {
        try FetchFolder.local { () throws(LinuxError) in try file.synchronise() }
    }

    /// What has arrived, at its end.
    mutating func finish() -> Blob { Blob(digest: hasher.take()?.finish() ?? Digest.of([]), size: size) }
}
