internal import AsyncHTTPClient
internal import Intake
internal import Jobs
internal import Logging
internal import Measure
internal import NIOCore
internal import NIOHTTP1

/// One connection: its requests, answered one after the other.
struct Connection: Sendable {
    typealias Channel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    let channel: Channel
    let desk: Desk
    let open: OpenConnections
    let isSecure: Bool
    /// There was a place for it; a connection over the limit is closed without a word.
    let isAdmitted: Bool

    private var remote: RemoteAddress { RemoteAddress(channel.channel.remoteAddress) }

    /// Serves until either end closes. That the user has gone away cancels what is being done for it.
    func serve() async {
        await withTaskGroup(of: Void.self) { group in
            let (closed, end) = AsyncStream.makeStream(of: Never.self)
            channel.channel.closeFuture.whenComplete { _ in end.finish() }
            group.addTask { for await _ in closed {} }
            group.addTask {
                do {
                    try await channel.executeThenClose { inbound, outbound in
                        if isAdmitted { try await converse(inbound, outbound) }
                    }
                } catch {
                    desk.log.debug("connection ended", metadata: ["error": "\(error)"])
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Milliseconds that a timer is set for at the most: a hundred days.
    private static let longest: Int64 = 100 * 86_400_000

    private func converse(_ inbound: RequestParts.Stream, _ outbound: RequestParts.Writer) async throws {
        let parts = RequestParts(inbound, outbound, on: channel.channel.eventLoop)
        let remote = remote
        defer { open.wake(channel.channel) }
        while open.rest(channel.channel) {
            let head: HTTPRequestHead
            do {
                guard let next = try await parts.nextHead() else { return }
                head = next
            } catch {
                guard let reply = Reply(unreadable: error, desk.limits) else { return }
                _ = try await write(reply, to: outbound, closing: true)
                return
            }
            open.wake(channel.channel)
            let reply = await desk.answer(head, parts, from: remote, isSecure: isSecure)
            defer { reply.finally?() }
            let complete = await parts.isComplete(head.contentLength)
            let closing = !complete || !head.isKeepAlive || open.isStopping || !reply.leavesConnection
            guard try await write(reply, to: outbound, closing: closing) else { return }
            if closing {
                if !complete { await linger(parts) }
                return
            }
        }
    }

    /// - Returns: false when the answer broke off, which only a closed connection can say then.
    private func write(_ reply: Reply, to writer: RequestParts.Writer, closing: Bool) async throws -> Bool {
        let head = HTTPServerResponsePart.head(reply.head(closing: closing))
        switch reply.body {
        case .bytes(let bytes): try await writer.write(contentsOf: [head, .body(.byteBuffer(bytes)), .end(nil)])
        case .absent: try await writer.write(contentsOf: [head, .end(nil)])
        case .stream(let pieces):
            try await writer.write(head)
            let end = reply.end.map { end in
                let left = min(max(end.milliseconds - Instant.now().milliseconds, 0), Connection.longest)
                return channel.channel.eventLoop.scheduleTask(in: .milliseconds(left)) { [channel = channel.channel] in
                    channel.close(promise: nil)
                }
            }
            defer { end?.cancel() }
            do {
                for try await piece in pieces { try await writer.write(.body(.byteBuffer(piece))) }
            } catch {
                desk.log.debug("answer broke off", metadata: ["error": "\(error)"])
                return false
            }
            try await writer.write(.end(nil))
        }
        return true
    }

    /// A sender that is still sending has to read our answer before the connection is torn down under it: what it sends is thrown
    /// away for a while (RFC 9112, section 9.6).
    private func linger(_ parts: RequestParts) async {
        let channel = channel.channel
        // That the answer is complete can be seen at once, then. TLS has no half of a connection to close here.
        if !isSecure { try? await channel.close(mode: .output).get() }
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(Int64(desk.limits.lingerSeconds))) {
            channel.close(promise: nil)
        }
        await parts.discard(upTo: desk.limits.lingerBytes)
        deadline.cancel()
    }
}

extension HTTPRequestHead {
    fileprivate var contentLength: UInt64? { headers.first(name: "content-length").flatMap { UInt64($0) } }
}

extension Reply {
    /// The answer to what can't be read as a request; nil when none is owed.
    fileprivate init?(unreadable error: any Error, _ limits: GatewayLimits) {
        guard let error = GatewayError(reading: error, limits) else { return nil }
        self.init(error)
    }

    /// After these the connection is in doubt, or not worth keeping.
    fileprivate var leavesConnection: Bool { ![400, 408, 413, 431, 505].contains(status.code) }
}

extension GatewayError {
    /// What reading a request threw, in our words; nil when the sender is gone or owes no explanation.
    init?(reading error: any Error, _ limits: GatewayLimits) {
        switch error {
        case let error as GatewayError: self = error
        case let violation as Violation: self = .invalid(violation)
        case MultipartError.malformed(let violation): self = .malformedField(violation)
        case MultipartError.tooLarge(let violation): self = .tooLargeField(violation)
        case MultipartError.unsupported(let violation): self = .unsupportedField(violation)
        case HTTPParserError.headerOverflow: self = .largeHeader(limit: limits.header)
        case ConnectionPace.Fault.largeHeader: self = .largeHeader(limit: limits.header)
        case is HTTPParserError:
            self = .malformed("the bytes are not a request of HTTP/1.1", remedy: "use a client that speaks HTTP")
        case ConnectionPace.Fault.slowHeader:
            self = .tooSlow("the header did not come within \(limits.headerSeconds) seconds")
        case ConnectionPace.Fault.slowBody:
            self = .tooSlow("the body came at less than \(limits.uploadRate) bytes a second")
        default: return nil
        }
    }
}
