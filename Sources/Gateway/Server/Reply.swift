internal import AsyncHTTPClient
internal import JSON
internal import Jobs
internal import Measure
internal import NIOCore
internal import NIOHTTP1

/// What a request is answered with.
struct Reply: Sendable {
    enum Body: Sendable {
        case bytes(ByteBuffer)
        /// The supervisor's own, as it comes.
        case stream(HTTPClientResponse.Body)
        /// Said by the header, and not sent: HEAD, 204, 304.
        case absent
    }

    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: Body
    /// When it is broken off, written or not; nil: never.
    var end: Instant?
    /// Called once it is written or given up.
    var finally: (@Sendable () -> Void)?

    init(status: HTTPResponseStatus, headers: HTTPHeaders = [:], body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(_ status: HTTPResponseStatus = .ok, json: JSON, headers: HTTPHeaders = [:]) {
        self.init(
            status: status, headers: headers.adding("content-type", "application/json"),
            body: .bytes(ByteBuffer(bytes: json.prettyBytes())))
    }

    init(_ problem: Problem, headers: HTTPHeaders = [:]) {
        self.init(
            status: HTTPResponseStatus(statusCode: problem.status ?? 500),
            headers: headers.adding("content-type", "application/problem+json"),
            body: .bytes(ByteBuffer(bytes: problem.json.prettyBytes())))
    }

    /// The answer to HEAD: what the content would be is said, and not sent.
    var withoutContent: Reply {
        var reply = self
        if case .bytes(let bytes) = body {
            reply.headers.replaceOrAdd(name: "content-length", value: String(bytes.readableBytes))
        }
        reply.body = .absent
        return reply
    }

    init(_ error: GatewayError) { self.init(error.problem, headers: error.headers) }

    /// The header as it is sent, with the body's framing.
    func head(closing: Bool) -> HTTPResponseHead {
        var headers = self.headers
        headers.remove(name: "transfer-encoding")
        switch body {
        case .bytes(let bytes): headers.replaceOrAdd(name: "content-length", value: String(bytes.readableBytes))
        case .stream:
            if !headers.contains(name: "content-length") { headers.add(name: "transfer-encoding", value: "chunked") }
        case .absent: break
        }
        if closing { headers.replaceOrAdd(name: "connection", value: "close") }
        return HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    }
}

extension HTTPHeaders {
    func adding(_ name: String, _ value: String) -> HTTPHeaders {
        var headers = self
        headers.replaceOrAdd(name: name, value: value)
        return headers
    }
}
