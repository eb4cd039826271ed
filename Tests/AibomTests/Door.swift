import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A door on loopback that answers as a test tells it, with TLS if it has a certificate, and can hang up in the middle.
final class Door: Sendable {
    struct Question: Sendable {
        let method: String
        let path: String
        /// By name in lower case.
        let headers: [String: [String]]
        let body: [UInt8]
        /// Counted from 1, of this path.
        let time: Int
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        /// Hang up after so many bytes of the body.
        var cut: Int?

        static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> Answer {
            Answer(status: status, headers: headers, body: Array(text.utf8))
        }
    }

    private let script: @Sendable (Question) -> Answer
    private let asked = Mutex<[Question]>([])

    private init(_ script: @escaping @Sendable (Question) -> Answer) { self.script = script }

    var questions: [Question] { asked.withLock { $0 } }

    /// Runs `body` with the door and its port, and closes it afterwards.
    static func with(
        identity: NIOSSLContext? = nil, _ script: @escaping @Sendable (Question) -> Answer,
        _ body: (_ door: Door, _ port: Int) async throws -> Void
    ) async throws {
        let door = Door(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let identity {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: identity))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(door: door))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Void, any Error>
        do { result = .success(try await body(door, channel.localAddress?.port ?? 0)) } catch {
            result = .failure(error)
        }
        try await channel.close()
        try result.get()
    }

    fileprivate func answer(_ head: HTTPRequestHead, _ body: [UInt8]) -> Answer {
        let path = head.uri
        let question = asked.withLock { asked in
            let time = asked.count { $0.path == path && $0.method == head.method.rawValue } + 1
            let question = Question(
                method: head.method.rawValue, path: path,
                headers: Dictionary(grouping: head.headers, by: { $0.name.lowercased() }).mapValues { $0.map(\.value) },
                body: body, time: time)
            asked.append(question)
            return question
        }
        return script(question)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let door: Door
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(door: Door) { self.door = door }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, [])
            case .body(let piece): body += piece.readableBytesView
            case .end: if let head { reply(door.answer(head, body), context) }
            }
        }

        private func reply(_ answer: Answer, _ context: ChannelHandlerContext) {
            var headers = HTTPHeaders(answer.headers)
            headers.add(name: "content-length", value: "\(answer.body.count)")
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            let bytes = ByteBuffer(bytes: answer.body.prefix(answer.cut ?? .max))
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
            guard answer.cut == nil else {
                context.flush()
                return context.close(promise: nil)
            }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

/// A certificate made for a test, signed by itself.
struct TestCertificate {
    let path: String
    let context: NIOSSLContext

    struct NotMade: Error {}

    /// For `name`, such as `IP:127.0.0.1` or `DNS:localhost`; its files lie in `folder`.
    init(for name: String, in folder: TemporaryFolder) throws {
        path = "\(folder.path)/cert.pem"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=test",
            "-addext", "subjectAltName=\(name)", "-keyout", "\(folder.path)/key.pem", "-out", path,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw NotMade() }
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(path).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: "\(folder.path)/key.pem", format: .pem)))
        context = try NIOSSLContext(configuration: configuration)
    }
}
