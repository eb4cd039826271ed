import Foundation
import HTTPTypes
import Hummingbird
import Linux
import NIOCore
import ServiceLifecycle
import ServiceTesting
import Synchronization

/// Stands in the supervisor's place: writes down every request, and answers what a test says.
final class RecordingSupervisor: Sendable {
    struct Seen: Sendable {
        let method: String
        let target: String
        let headers: HTTPFields
        let bodyBytes: Int
    }

    typealias Answer = @Sendable (Request) async throws -> Response

    private let seen = Mutex<[Seen]>([])
    private let answer: Answer
    private let readsBodies: Bool

    init(
        readsBodies: Bool = true,
        _ answer: @escaping Answer = { _ in Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "{}"))) }
    ) {
        self.readsBodies = readsBodies
        self.answer = answer
    }

    var requests: [Seen] { seen.withLock { $0 } }

    func serve(_ body: (_ path: String) async throws -> Void) async throws {
        let folder = try ScratchFolder()
        try await serve(in: folder.path, body)
    }

    func serve(in folder: String, _ body: (_ path: String) async throws -> Void) async throws {
        let path = "\(folder)/aibomd.sock"
        unlink(path)
        let (opened, open) = AsyncStream.makeStream(of: Never.self)
        let application = Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in try await self.take(request) },
            configuration: .init(address: .unixDomainSocket(path: path), serverName: nil),
            onServerRunning: { _ in open.finish() }, logger: RunningServer.quiet)
        let group = ServiceGroup(configuration: .init(services: [application], logger: RunningServer.quiet))
        let running = Task { try await group.run() }
        for await _ in opened {}
        let result: Result<Void, any Error>
        do { result = .success(try await body(path)) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await running.value
        try result.get()
    }

    private func take(_ request: Request) async throws -> Response {
        var request = request
        guard readsBodies else { return try await answer(request) }
        let body = try await request.collectBody(upTo: 64 << 20)
        seen.withLock {
            $0.append(
                Seen(
                    method: request.method.rawValue, target: request.uri.string, headers: request.headers,
                    bodyBytes: body.readableBytes))
        }
        return try await answer(request)
    }
}
