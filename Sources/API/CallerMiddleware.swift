package import HTTPTypes
internal import Hummingbird
internal import Jobs

/// Finds out who asks, and whether the route is for it.
///
/// A local user is whom the kernel names. What the gateway sends on has to bring its own proof: a token, which we look up, or
/// the gateway's statement about a name that is not ours.
struct CallerMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let service: any AccessService
    let limiter: RateLimiter

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let access = Access.of(request, context)
        guard access != .anyone else { return try await next(request, context) }
        let caller =
            if access == .membersAndLinks, LinkProof.isMeant(by: request.uri.query) {
                try holder(of: request, context)
            } else {
                try caller(of: Claim(request.headers), at: context.peer)
            }
        guard access.admits(caller.role) else { throw ServiceError.notForRole(caller.role) }
        try limiter.admitRequest(of: caller)
        var known = context
        known.caller = caller
        return try await Caller.$current.withValue(caller) { [known] in try await next(request, known) }
    }

    /// Whoever sends a link's proof is let in by it or not at all, whoever else it may be: what a link opens must not depend on
    /// which identity a browser sends along.
    private func holder(of request: Request, _ context: ServiceContext) throws(ServiceError) -> Caller {
        guard let job = context.parameters.get("id").flatMap(JobID.init) else { throw .badLink(.wrong) }
        try service.linkKey.check(request.uri.query ?? "", of: request.uri.path)
        return Caller(linkTo: job)
    }

    private func caller(of claim: Claim, at peer: Peer?) throws(ServiceError) -> Caller {
        switch (peer, claim) {
        case (.user(let uid), .none):
            return Caller(uid: uid)
        // Answering as the kernel's user what was asked as somebody else would let a gateway under a wrong uid mix its users
        // up, and a revoked token seem to work. So it is refused, not ignored.
        case (.user, .token), (.user, .statement):
            throw .malformed(
                "a local user is whom the kernel names and no other",
                remedy: "leave out Authorization, Aibom-Owner and Aibom-Role, or go through the gateway")
        case (.gateway, .none):
            throw .unauthenticated(.missing)
        case (.gateway, .token(let text)):
            guard let token = text.flatMap(service.token) else {
                try limiter.admitFailure()
                throw .unauthenticated(.unknownToken)
            }
            return Caller(token)
        case (.gateway(let gateway), .statement(let owner, let role)):
            guard gateway.mayState.contains(role) else { throw .notForStated(role) }
            return Caller(owner: owner, role: role, credential: .statement)
        case (nil, _):
            throw .forbidden
        }
    }
}

/// Whom a request says that it comes from.
enum Claim {
    case none
    /// Nil: what was sent can't be a token.
    case token(TokenText?)
    case statement(owner: String, role: Role)

    /// - Parameter headers: of the request; hostile, also where the gateway passed them on.
    /// - Throws: 400 when there are two claims, or one that can be read in two ways; 401 when it is of another scheme.
    init(_ headers: HTTPFields) throws(ServiceError) {
        let token = try Self.single(.authorization, in: headers)
        let owner = try Self.single(.aibomOwner, in: headers)
        let role = try Self.single(.aibomRole, in: headers)
        switch (token, owner, role) {
        case (nil, nil, nil): self = .none
        case (let token?, nil, nil): self = .token(try Self.token(token))
        case (nil, let owner?, let role?):
            guard OwnerName.isStated(owner), let role = Role(rawValue: role) else {
                throw .malformed(
                    "Aibom-Owner is not an oidc: name, or Aibom-Role is not a role",
                    remedy: "state oidc:… of at most \(OwnerName.maximumLength) plain characters, and one of "
                        + Role.allCases.map(\.rawValue).joined(separator: ", "))
            }
            self = .statement(owner: owner, role: role)
        default:
            throw .malformed(
                "the request says twice, or by halves, who sends it",
                remedy: "send Authorization, or both of Aibom-Owner and Aibom-Role")
        }
    }

    /// Two fields of one name could be read as either by two programs.
    private static func single(_ name: HTTPField.Name, in headers: HTTPFields) throws(ServiceError) -> String? {
        let values = headers[values: name]
        guard values.count <= 1 else {
            throw .malformed("\(name.rawName) was sent more than once", remedy: "send it once")
        }
        return values.first
    }

    /// RFC 6750, section 2.1: the scheme in any case (RFC 9110, section 11.1), one space, the token. Nothing of a value that is
    /// refused is repeated: it may be a password.
    private static func token(_ value: String) throws(ServiceError) -> TokenText? {
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw .unauthenticated(.otherScheme) }
        return TokenText(String(parts[1]))
    }
}

extension HTTPField.Name {
    private static func own(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is a field name") }
        return name
    }

    /// The gateway's statement: whom it speaks for, and as what.
    package static let aibomOwner = own("Aibom-Owner")
    package static let aibomRole = own("Aibom-Role")
}

extension Caller {
    /// Whether what this caller began may go on. What the gateway states is the gateway's to end.
    func isWelcome(at service: any AccessService) -> Bool {
        if case .token(let id) = credential { return service.isLive(id) }
        return true
    }
}
