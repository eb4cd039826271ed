internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// The supervisor, over its Unix socket.
struct SupervisorClient: Sendable {
    private let http: HTTPClient
    private let base: String
    /// For what writes little: enough that writes share their fsyncs, on slow disks too.
    private let turns = Turns(8)

    /// - Parameters:
    ///   - socket: the path as this process sees it.
    ///   - connections: to it, at a time.
    ///   - group: event loops.
    init(socket: String, connections: Int, on group: any EventLoopGroup) {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // A socket that nobody serves is not there: no use in asking again.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        http = HTTPClient(eventLoopGroup: group, configuration: configuration)
        base = "http+unix://\(RequestTarget.escaped(socket))"
    }

    func shutdown() async throws { try await http.shutdown() }

    /// Sends a request on as it is and answers the supervisor's answer as it is, both streaming.
    func forward(_ request: Incoming) async throws -> Reply {
        var body: HTTPClientRequest.Body?
        if request.head.hasBody {
            let length = request.head.contentLength.flatMap(Int64.init(exactly:))
            body = .stream(request.body, length: length.map { .known($0) } ?? .unknown)
        }
        let response = try await send(
            request.head.method, request.head.target.text, request.forwardedHeaders, body)
        return Reply(response, to: request.head.method)
    }

    /// Asks for a document in the name of `request`.
    ///
    /// - Parameters:
    ///   - method: of the question.
    ///   - path: below the supervisor's root.
    ///   - request: says who asks.
    ///   - content: the question's body and its media type.
    ///   - headers: more of the question's header.
    /// - Returns: the document.
    /// - Throws: `Refusal` with the supervisor's answer where that is not a success.
    func document(
        _ method: HTTPMethod, _ path: String, for request: Incoming, _ content: (type: String, bytes: [UInt8])? = nil,
        headers: HTTPHeaders = [:]
    ) async throws -> JSON {
        var fields = request.ownHeaders
        fields.add(contentsOf: headers)
        if let content { fields.replaceOrAdd(name: "content-type", value: content.type) }
        let body = content.map { HTTPClientRequest.Body.bytes(ByteBuffer(bytes: $0.bytes)) }
        let question = { [fields] in
            try await SupervisorClient.document(in: send(method, path, fields, body), to: method)
        }
        return try await method == .GET ? question() : turns.take(question)
    }

    /// Sends bytes on as they come, as fast as the supervisor takes them.
    ///
    /// - Parameters:
    ///   - bytes: read once.
    ///   - path: below the supervisor's root.
    ///   - request: says who asks.
    /// - Returns: the document that answers.
    /// - Throws: `Refusal`, or what reading the bytes threw.
    func upload(
        _ bytes: some AsyncSequence<ByteBuffer, any Error> & Sendable, to path: String, for request: Incoming
    ) async throws -> JSON {
        let body = HTTPClientRequest.Body.stream(bytes, length: .unknown)
        return try await SupervisorClient.document(in: send(.POST, path, request.ownHeaders, body), to: .POST)
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders, _ body: HTTPClientRequest.Body?
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers = headers
        request.body = body
        // No deadline over all: an upload takes as long as it takes, and an event stream as long as the job.
        return try await http.execute(request, deadline: .distantFuture)
    }

    private static func document(in response: HTTPClientResponse, to method: HTTPMethod) async throws -> JSON {
        guard (200..<300).contains(response.status.code) else {
            // Collected, so that nothing of the connection outlives what the answer is to.
            var reply = Reply(response, to: method)
            reply.body = .bytes(try await response.body.collect(upTo: JSON.Limits.document.bytes))
            throw Refusal(reply: reply)
        }
        let bytes = try await response.body.collect(upTo: JSON.Limits.document.bytes)
        do { return try JSON.parse(Array(bytes.readableBytesView), limits: .document) } catch {
            throw GatewayError.badAnswer
        }
    }
}

extension Reply {
    fileprivate init(_ response: HTTPClientResponse, to method: HTTPMethod) {
        var headers = response.headers
        headers.removeHopByHop()
        let hasBody = method != .HEAD && response.status != .noContent && response.status != .notModified
        self.init(status: response.status, headers: headers, body: hasBody ? .stream(response.body) : .absent)
    }
}
