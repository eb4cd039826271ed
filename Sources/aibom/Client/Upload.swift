import API
import AsyncHTTPClient
import Glibc
import Jobs
import Linux
import Measure
import NIOCore
import Synchronization

/// A file on its way to the service, hashed here as it is read: the service's digest is compared, never believed.
struct Upload {
    let role: InputRole
    let path: String
    let name: FileName

    /// - Throws: `CommandError.local` when the path has no name that a job can have.
    init(role: InputRole, path: String) throws(CommandError) {
        self.role = role
        self.path = path
        let last = path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? ""
        do {
            name = try FileName(last, field: "the name of \(path)")
        } catch {
            throw .local("\(error.field) \(error.reason)", remedy: error.remedy)
        }
    }

    /// How large the file is now, which is what the bar needs before the first byte.
    func size() throws(CommandError) -> UInt64 { try size(of: open()) }

    /// Sends the file.
    ///
    /// - Throws: `CommandError.damaged` when the service stored other bytes than were sent.
    /// - Returns: the input to name in the request.
    func send(to client: ServiceClient, _ bar: TransferBar) async throws(CommandError) -> JobInput {
        let tap = DigestTap()
        let json = try await client.post(to: "/v1/blobs") { () throws(CommandError) in
            let file = try open()
            let size = try size(of: file)
            tap.reset()
            let pieces = ByteStream(reading: file).map { piece in
                bar.show(tap.update(piece))
                return piece
            }
            return .stream(pieces, length: .known(Int64(size)))
        }
        guard let answer = Blob(json: json) else { throw .unintelligible("/v1/blobs") }
        let sent = tap.finish()
        guard answer == sent else {
            throw .damaged(
                "\(path) has sha256 \(sent.digest), the service stored \(answer.digest)",
                remedy: "send it again, and make sure that nothing writes to the file meanwhile")
        }
        return JobInput(role: role, fileName: name, digest: sent.digest)
    }

    private func open() throws(CommandError) -> OwnedDescriptor {
        do throws(LinuxError) { return try OwnedDescriptor.open(path, flags: O_RDONLY) } catch {
            throw unreadable(error)
        }
    }

    private func size(of file: borrowing OwnedDescriptor) throws(CommandError) -> UInt64 {
        let status: FileStatus
        do throws(LinuxError) { status = try file.status() } catch { throw unreadable(error) }
        guard status.kind == .regular else {
            throw .local("\(path) is not a regular file", remedy: "name a file; pack a folder first")
        }
        return status.size
    }

    private func unreadable(_ error: LinuxError) -> CommandError {
        .local("\(error)", remedy: "name a file that you can read")
    }
}

/// Hashes what passes.
private final class DigestTap: Sendable {
    private struct State: ~Copyable {
        var hasher: Hasher? = Hasher()
        var size: UInt64 = 0
    }

    private let state = Mutex(State())

    /// - Returns: how many bytes have passed.
    func update(_ piece: ByteBuffer) -> UInt64 {
        state.withLock { state in
            piece.withUnsafeReadableBytes { state.hasher?.update($0) }
            state.size += UInt64(piece.readableBytes)
            return state.size
        }
    }

    /// Forgets what has passed: the same file is sent again.
    func reset() {
        state.withLock { state in
            state.hasher = Hasher()
            state.size = 0
        }
    }

    /// What has passed, at its end.
    func finish() -> Blob {
        state.withLock { state in
            let digest = state.hasher.take()?.finish() ?? Digest.of([])
            return Blob(digest: digest, size: state.size)
        }
    }
}
