internal import HTTPTypes
internal import Hummingbird
internal import Jobs
internal import Logging
internal import Synchronization

/// Sees every request from its first byte to the last of its answer: trace, log line, metrics. Outermost.
struct ObservingMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let metrics: ServiceMetrics

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let trace = TraceContext(request.headers[.traceparent])?.child() ?? .fresh()
        var response = try await TraceContext.$current.withValue(trace) { try await next(request, context) }
        response.headers[.traceparent] = "\(trace)"
        if request.method == .head { response = response.withoutContent() }
        let line = RequestLine(
            method: request.method.rawValue, route: context.route ?? "none", status: response.status.code,
            owner: context.record.owner, trace: trace)
        let body = response.body
        let metrics = metrics
        let logger = context.logger
        // A small answer is written together with its fields, which a closure would prevent: it counts as sent from here on.
        if let length = body.contentLength, length <= 64 << 10 {
            line.finish(since: start, bytes: length, metrics, logger)
            return response
        }
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            let counter = CountingWriter(writer)
            do {
                try await body.write(counter)
                line.finish(since: start, bytes: counter.bytes, metrics, logger)
            } catch {
                line.finish(since: start, bytes: counter.bytes, metrics, logger)
                throw error
            }
        }
        return response
    }
}

/// What the log and the metrics keep of a request: no query, no header, no word of the sender's.
private struct RequestLine: Sendable {
    let method: String
    let route: String
    let status: Int
    let owner: String?
    let trace: TraceContext

    func finish(since start: ContinuousClock.Instant, bytes: Int, _ metrics: ServiceMetrics, _ logger: Logger) {
        let spent = start.duration(to: .now)
        let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
        metrics.answered(.init(route: route, method: method, code: status), seconds: seconds)
        // Whoever asks every few seconds whether we live shall not fill the log.
        let isProbe = status < 400 && ["/healthz", "/readyz", "/metrics"].contains(route)
        logger.log(
            level: isProbe ? .debug : .info, "request",
            metadata: [
                "method": "\(method)", "route": "\(route)", "status": "\(status)", "bytes": "\(bytes)",
                "ms": "\((seconds * 1e5).rounded() / 100)", "owner": "\(RequestLine.escape(owner ?? "none"))",
                "trace": "\(trace.traceID)",
            ])
    }

    /// An owner's name is somebody's text: it gets no line break, no space and no control character into a log line.
    private static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars.prefix(128) {
            if scalar.isASCII, scalar.value > 0x20, scalar.value < 0x7f, scalar != "\"", scalar != "\\" {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return escaped
    }
}

/// Passes an answer on and counts it.
private struct CountingWriter: ResponseBodyWriter {
    private final class Count: Sendable { let bytes = Atomic(0) }

    private var base: any ResponseBodyWriter
    private let count = Count()

    init(_ base: any ResponseBodyWriter) { self.base = base }

    var bytes: Int { count.bytes.load(ordering: .relaxed) }

    mutating func write(_ buffer: ByteBuffer) async throws {
        count.bytes.add(buffer.readableBytes, ordering: .relaxed)
        try await base.write(buffer)
    }

    consuming func finish(_ trailers: HTTPFields?) async throws { try await base.finish(trailers) }
}

extension Response {
    /// The answer to HEAD: what GET would say, without its content.
    ///
    /// HTTP/1.1 can't be left to frame an answer of unknown length here: it would write the end of a content that HEAD has not,
    /// and the next answer would begin after it. Such a connection ends with the fields.
    func withoutContent() -> Response {
        if headers[.contentLength] != nil || status == .notModified || status == .noContent {
            return Response(status: status, headers: headers, body: ResponseBody { try await $0.finish(nil) })
        }
        var headers = headers
        headers[.connection] = "close"
        return Response(status: status, headers: headers, body: ResponseBody { _ in throw EndOfFields() })
    }
}

/// Ends a connection after an answer's fields.
private struct EndOfFields: Error {}
