internal import Measure
internal import NIOHTTP1

/// In whose name a request goes on.
enum Credential: Sendable, Hashable {
    /// Nobody's: a signed link needs no more, everything else is refused by the supervisor.
    case none
    /// A token of the supervisor's; the header field as it came. Only the supervisor can tell whose it is.
    case token(String)
    /// Whom an identity provider vouched for, to us, and until when.
    case stated(owner: String, role: String, until: Instant)

    /// What uploads are counted under beside the address.
    var key: String? {
        switch self {
        case .none: nil
        case .token(let value): value
        case .stated(let owner, _, _): owner
        }
    }

    /// When an answer that goes on has to end; nil where the supervisor sees to it, or nobody asks who reads.
    var end: Instant? {
        if case .stated(_, _, let until) = self { until } else { nil }
    }
}

/// Tells in whose name a request comes.
struct Authenticator: Sendable {
    static let tokenPrefix = "aibom_"
    /// Longer than any token of a provider that is meant to be sent in a header.
    static let maximumBytes = 8 << 10

    let provider: IdentityProvider?

    func credential(of headers: HTTPHeaders) async throws(GatewayError) -> Credential {
        guard let field = headers.first(name: "authorization") else { return .none }
        let parts = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw .unauthenticated("the Authorization field is not of the scheme Bearer")
        }
        guard field.utf8.count <= Authenticator.maximumBytes else {
            throw .unauthenticated("the token is longer than \(Authenticator.maximumBytes) bytes")
        }
        if parts[1].hasPrefix(Authenticator.tokenPrefix) { return .token(field) }
        guard let provider else { throw .unauthenticated("the token is not one of this service") }
        return try provider.credential(for: parts[1])
    }
}
