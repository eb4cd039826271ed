internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Jobs
internal import Logging
internal import NIOCore

/// Turns every error into a problem document. Outermost, so that no error finds another way out.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let table: RouteTable

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            var error = ProblemMiddleware.serviceError(error, context.logger)
            if error == .notFound(kind: "route") {
                let methods = table.methods(of: request.uri.path)
                if !methods.isEmpty { error = .methodNotAllowed(allowed: methods) }
            }
            return Response(problem: error.problem(at: request.uri.path), headers: error.headers)
        }
    }

    /// What Hummingbird itself throws, in our words; the text of any other error stays in the log, because it may name
    /// what is the host's own.
    private static func serviceError(_ error: any Error, _ logger: Logger) -> ServiceError {
        switch error {
        case let error as ServiceError: return error
        case let error as any HTTPResponseError where error.status == .notFound: return .notFound(kind: "route")
        default:
            logger.error("request failed", metadata: ["error": "\(error)"])
            return .fault
        }
    }
}

/// Runs what is inside on threads that may wait.
struct BlockingMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let isRead = request.method == .get || request.method == .head
        let threads = isRead ? BlockingThreads.readers : .shared
        return try await withTaskExecutorPreference(threads) { try await next(request, context) }
    }
}

extension ServiceError {
    /// What the status owes its reader beside the document.
    fileprivate var headers: HTTPFields {
        switch self {
        case .methodNotAllowed(let methods): [.allow: methods.joined(separator: ", ")]
        case .rangeNotSatisfiable(let size): [.contentRange: "bytes */\(size)"]
        // RFC 6750, section 3: no error code where no token was sent.
        case .unauthenticated(.unknownToken): [.wwwAuthenticate: #"Bearer realm="aibom", error="invalid_token""#]
        case .unauthenticated: [.wwwAuthenticate: #"Bearer realm="aibom""#]
        case .tooManyRequests(_, _, let seconds): [.retryAfter: String(seconds)]
        default: [:]
        }
    }
}

extension Response {
    init(problem: Problem, headers: HTTPFields = [:]) {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        self.init(
            status: .init(code: problem.status ?? 500), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.json.prettyBytes())))
    }

    init(_ status: HTTPResponse.Status = .ok, json: JSON, headers: HTTPFields = [:]) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.prettyBytes())))
    }
}
