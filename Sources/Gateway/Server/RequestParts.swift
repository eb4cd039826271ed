internal import NIOCore
internal import NIOHTTP1

/// The requests of one connection, one after the other, on its event loop.
///
/// A body may be pulled by somebody who has not heard yet that nobody wants it any more (the client of the supervisor, whose
/// answer came early), so pulls wait for each other, and each says for which request it is.
actor RequestParts {
    /// Ends a body that is nobody's any more.
    struct Superseded: Error {}
    /// The sender went away in the middle.
    struct Disconnected: Error {}

    typealias Stream = NIOAsyncChannelInboundStream<HTTPServerRequestPart>
    typealias Writer = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    private nonisolated let loop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    private var parts: Stream.AsyncIterator
    private let writer: Writer
    private var isTaking = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private var number = 0
    private var isOpen = false
    private var expectsContinue = false
    private var limit: UInt64 = 0
    private var count: UInt64 = 0

    init(_ stream: Stream, _ writer: Writer, on loop: any EventLoop) {
        parts = stream.makeAsyncIterator()
        self.writer = writer
        self.loop = loop
    }

    /// The next request's header; nil when there is none.
    func nextHead() async throws -> HTTPRequestHead? {
        while let part = try await take(of: nil) {
            // What else comes here is the rest of a body that had an answer already.
            if case .head(let head) = part {
                number += 1
                (isOpen, count, limit, expectsContinue) = (true, 0, .max, false)
                return head
            }
        }
        return nil
    }

    /// The body of the last request, to be read once; more bytes than `limit` are an error. A sender that waits for a word before
    /// it sends gets it when somebody reads.
    func body(limit: UInt64, expectsContinue: Bool) -> RequestBody {
        self.limit = limit
        self.expectsContinue = expectsContinue
        return RequestBody(parts: self, number: number)
    }

    /// Whether all of the last request, whose header said that it has `length` bytes, was read; where only the end is missing, it is
    /// read. The body stays whose it is: to take it from the supervisor's client would end the answer that is to be sent on.
    func isComplete(_ length: UInt64?) async -> Bool {
        if isOpen, count == length ?? (.max) { _ = try? await take(of: number) }
        return !isOpen
    }

    /// The next bytes of request `number`; nil at its end.
    fileprivate func nextBytes(of number: Int) async throws -> ByteBuffer? {
        guard number == self.number else { throw Superseded() }
        guard isOpen else { return nil }
        if expectsContinue {
            expectsContinue = false
            try await writer.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
        }
        let part = try await take(of: number)
        guard number == self.number else { throw Superseded() }
        switch part {
        case .body(let bytes):
            guard count <= limit else { throw GatewayError.tooLarge(limit: limit) }
            return bytes
        case .end: return nil
        case .head, nil: throw Disconnected()
        }
    }

    /// Reads and forgets what is left of the last request, at most `bytes` of it.
    func discard(upTo bytes: Int) async {
        number += 1
        var left = bytes
        while isOpen, left > 0 {
            guard let part = try? await take(of: number) else { return }
            switch part {
            case .body(let piece): left -= piece.readableBytes
            case .end: break
            case .head: return
            }
        }
    }

    /// The next part. Of one request's body, asked for by two, each part goes to one of them; its end is told to both.
    ///
    /// - Parameter number: of the request whose body is read; nil is whatever comes.
    /// - Returns: nil when the sender is gone.
    /// - Throws: `Superseded` when the body is nobody's any more.
    private func take(of number: Int?) async throws -> HTTPServerRequestPart? {
        while isTaking { await withCheckedContinuation { waiting.append($0) } }
        isTaking = true
        defer {
            isTaking = false
            if !waiting.isEmpty { waiting.removeFirst().resume() }
        }
        if let number {
            guard number == self.number else { throw Superseded() }
            guard isOpen else { return .end(nil) }
        }
        var parts = self.parts
        let part = try await parts.next(isolation: self)
        self.parts = parts
        switch part {
        case .body(let bytes): count += UInt64(bytes.readableBytes)
        case .end: isOpen = false
        case .head, nil: break
        }
        return part
    }
}

/// A request's body in the pieces in which it comes; reading it is what makes the sender send on.
struct RequestBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    fileprivate let parts: RequestParts
    fileprivate let number: Int

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let body: RequestBody

        mutating func next() async throws -> ByteBuffer? { try await body.parts.nextBytes(of: body.number) }
    }
}

extension RequestBody {
    /// All of it, in memory.
    func collect() async throws -> ByteBuffer {
        var all = ByteBuffer()
        for try await var piece in self { all.writeBuffer(&piece) }
        return all
    }
}
