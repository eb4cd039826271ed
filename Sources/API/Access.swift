internal import HTTPTypes
internal import Hummingbird
internal import Jobs

/// Whom a route is for.
enum Access: Equatable {
    /// Asked without an identity: what is the same for all and no secret.
    case anyone
    /// Every role. A submitter's own jobs are all that is there for it; see `Caller.maySee`.
    case members
    /// Every role, and whoever has a link to it.
    case membersAndLinks
    /// Who may change something: a submitter among its own, and operators. Auditors read.
    case submitters
    /// Who sees everybody's jobs.
    case overseers
    case operators

    func admits(_ role: Role) -> Bool {
        switch self {
        case .anyone, .members, .membersAndLinks: true
        case .submitters: role != .auditor
        case .overseers: role.seesEverything
        case .operators: role == .operator
        }
    }
}

extension Access {
    /// Who may do what, all of it. `APITests` tries every row as every role.
    static let table: [String: Access] = [
        "GET /healthz": .anyone,
        "GET /readyz": .anyone,
        "GET /openapi.json": .anyone,
        "GET /docs": .anyone,
        "GET /v1/keys": .anyone,
        "GET /v1/keys/history": .anyone,
        // The checkpoint says by its signature whose it is.
        "POST /v1/witness/add-checkpoint": .anyone,

        "GET /v1/rootfs": .members,
        "GET /v1/policies": .members,
        "GET /v1/status": .members,
        "GET /v1/jobs": .members,
        "GET /v1/jobs/{id}": .members,
        "GET /v1/jobs/{id}/events": .members,
        "GET /v1/jobs/{id}/logs": .members,
        "GET /v1/jobs/{id}/artifacts": .members,
        "GET /v1/jobs/{id}/artifacts/{name}": .membersAndLinks,
        "POST /v1/jobs/{id}/artifacts/{name}/link": .members,

        "POST /v1/blobs": .submitters,
        "POST /v1/jobs": .submitters,
        "POST /v1/jobs/{id}/cancel": .submitters,
        "DELETE /v1/jobs/{id}/inputs": .submitters,

        "GET /metrics": .overseers,
        "GET /v1/log/checkpoint": .overseers,
        "GET /v1/log/checkpoints": .overseers,
        "GET /v1/log/tile/{level}/{first}": .overseers,
        "GET /v1/log/tile/{level}/{first}/{second}": .overseers,
        "GET /v1/log/tile/{level}/{first}/{second}/{third}": .overseers,
        "GET /v1/log/tile/{level}/{first}/{second}/{third}/{fourth}": .overseers,
        // The one thing that an auditor writes: that it has looked.
        "POST /v1/log/reviews": .overseers,
        "POST /v1/tokens": .operators,
        "GET /v1/tokens": .operators,
        "DELETE /v1/tokens/{id}": .operators,
    ]

    /// Whom the route is for that a request was led to. One that is missing in the table is for operators: who adds a route and
    /// forgets the row gives too little, not too much.
    static func of(_ request: Request, _ context: ServiceContext) -> Access {
        // No route: an answer of "not there" for everybody whom we know.
        guard let endpoint = context.endpointPath, endpoint.hasPrefix("/") else { return .members }
        let method = request.method == .head ? .get : request.method
        return table["\(method) \(endpoint)"] ?? .operators
    }
}
