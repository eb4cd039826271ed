internal import NIOHTTP1

/// All that can be asked of the gateway: a method, a path, and who answers. What is not in the table is not forwarded.
struct RouteTable: Sendable {
    enum Body: Sendable {
        case none
        /// A document, held to `documentBody`.
        case document
        /// Files: held to `uploadBody`, and counted among the uploads under way.
        case files
        /// Evidence to verify, held to `bundleBody`; counted as files are.
        case bundle

        var isUpload: Bool {
            switch self {
            case .none, .document: false
            case .files, .bundle: true
            }
        }
    }

    enum Answerer: Sendable {
        /// The supervisor, whoever asks.
        case supervisor
        /// The supervisor, and nobody needs to say who asks; credentials are not passed on.
        case supervisorForAnyone
        case submit, status, artifacts, artifact
        case verify
    }

    struct Route: Sendable {
        let method: HTTPMethod
        /// A component that begins with a colon stands for any one.
        let template: [Substring]
        let body: Body
        let answerer: Answerer

        init(_ method: HTTPMethod, _ template: String, body: Body = .none, _ answerer: Answerer = .supervisor) {
            self.method = method
            self.template = template.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            self.body = body
            self.answerer = answerer
        }

        fileprivate func matches(_ segments: [String]) -> Bool {
            template.count == segments.count
                && zip(template, segments).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }
    }

    let routes = RouteTable.own + ["", "/developer"].flatMap(RouteTable.seed)

    /// - Returns: the route of a request.
    /// - Throws: 404 when no route has the path, 405 when none of those has the method.
    func route(_ method: HTTPMethod, _ target: RequestTarget) throws(GatewayError) -> Route {
        let candidates = routes.filter { $0.matches(target.segments) }
        guard !candidates.isEmpty else { throw .notFound }
        // Every answer to GET is there for HEAD, without its content.
        let wanted = method == .HEAD ? .GET : method
        guard let route = candidates.first(where: { $0.method == wanted }) else {
            let methods = candidates.map(\.method.rawValue)
            throw .wrongMethod(allowed: (methods.contains("GET") ? methods + ["HEAD"] : methods).sorted())
        }
        return route
    }

    private static let own = [
        Route(.POST, "/v1/blobs", body: .files), Route(.POST, "/v1/jobs", body: .document),
        Route(.GET, "/v1/jobs"), Route(.GET, "/v1/jobs/:id"), Route(.POST, "/v1/jobs/:id/cancel", body: .document),
        Route(.DELETE, "/v1/jobs/:id/inputs"), Route(.GET, "/v1/jobs/:id/events"), Route(.GET, "/v1/jobs/:id/logs"),
        Route(.GET, "/v1/jobs/:id/artifacts"), Route(.GET, "/v1/jobs/:id/artifacts/:name"),
        Route(.POST, "/v1/jobs/:id/artifacts/:name/link", body: .document),
        Route(.GET, "/v1/rootfs"), Route(.GET, "/v1/policies"), Route(.GET, "/v1/status"), Route(.GET, "/metrics"),
        Route(.GET, "/v1/log/checkpoint"), Route(.GET, "/v1/log/checkpoints"),
        Route(.GET, "/v1/log/tile/:level/:first"), Route(.GET, "/v1/log/tile/:level/:first/:second"),
        Route(.GET, "/v1/log/tile/:level/:first/:second/:third"),
        Route(.GET, "/v1/log/tile/:level/:first/:second/:third/:fourth"),
        Route(.POST, "/v1/log/reviews", body: .document),
        Route(.POST, "/v1/witness/add-checkpoint", body: .document, .supervisorForAnyone),
        Route(.POST, "/v1/tokens", body: .document), Route(.GET, "/v1/tokens"), Route(.DELETE, "/v1/tokens/:id"),
        Route(.GET, "/v1/keys", .supervisorForAnyone), Route(.GET, "/v1/keys/history", .supervisorForAnyone),
        Route(.GET, "/openapi.json", .supervisorForAnyone),
        Route(.GET, "/docs", .supervisorForAnyone), Route(.GET, "/healthz", .supervisorForAnyone),
        Route(.GET, "/readyz", .supervisorForAnyone), Route(.POST, "/v1/verify", body: .bundle, .verify),
    ]

    /// The four endpoints of the reference system.
    private static func seed(below prefix: String) -> [Route] {
        [
            Route(.POST, "\(prefix)/submit_job_by_model_and_data", body: .files, .submit),
            Route(.GET, "\(prefix)/job_status/:id", .status),
            Route(.GET, "\(prefix)/job_artifacts/:id", .artifacts),
            Route(.GET, "\(prefix)/job_artifacts/:id/:name", .artifact),
        ]
    }
}
