internal import Hummingbird
internal import Jobs

/// Refuses a query that its route would not read: who writes `limt=5` must not believe that it was heard.
struct QueryMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    /// The parameters of each route that takes any. A signed link carries its proof in two of its own.
    static let known: [String: [String]] = [
        "/v1/jobs": ["after", "limit", "owner", "state"],
        "/v1/jobs/{id}/logs": ["offset"],
        "/v1/jobs/{id}/artifacts/{name}": ["expires", "signature"],
    ]

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        if let query = request.uri.query, !query.isEmpty, let route = context.route {
            let known = QueryMiddleware.known[route] ?? []
            let takesQuery = request.method == .get || request.method == .head
            try QueryMiddleware.check(request, known: takesQuery ? known : [])
        }
        return try await next(request, context)
    }

    private static func check(_ request: Request, known: [String]) throws(ServiceError) {
        var seen: Set<Substring> = []
        for (name, _) in request.uri.queryParameters {
            guard known.contains(String(name)) else {
                throw .malformedField(.unknown(String(name), in: "", known: known))
            }
            guard seen.insert(name).inserted else {
                throw .malformedField(Violation(String(name), "is given twice", remedy: "send it once"))
            }
        }
    }
}

extension Routes {
    /// The names that a GET of this template takes.
    package static func queryParameters(of template: String) -> [String] { QueryMiddleware.known[template] ?? [] }
}
