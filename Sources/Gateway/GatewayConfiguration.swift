/// Everything about the gateway that an operator can set. Each default is safe as it stands.
package struct GatewayConfiguration: Sendable {
    /// The supervisor's Unix socket. Its folder is the one part of the host that the gateway keeps.
    package var supervisor = "/run/aibom/aibomd.sock"
    /// Where users come in; a numeric address, for names can't be looked up in a confined process.
    package var listen = ListenAddress.loopback
    /// Serve without TLS on an address that is not loopback: only behind something else that does TLS.
    package var plaintext = false
    /// PEM files of the certificate chain and its key; both or neither.
    package var tlsCertificate: String?
    package var tlsKey: String?
    /// The uid and gid to become; nil is the user `aibom-gateway`, or 65532 where there is none.
    package var user: UInt32?
    /// Serve without the confinement, as whoever started it. Said in the log at every start.
    package var unconfined = false
    /// What links begin with, such as `https://aibom.example.org`; nil makes them from the request's own Host.
    package var publicURL: String?
    /// Who may vouch for users beside tokens; nil takes tokens only.
    package var oidc: OIDCConfiguration?
    package var limits = GatewayLimits()
    /// The environment and the policy of a seed submission that names none.
    package var standardRootfs = "keras"
    package var standardPolicy = "strict"
    /// Event loops; nil is one for each CPU, four at most.
    package var threads: Int?
    /// Seconds that requests under way are given after SIGTERM; what takes longer is cut off.
    package var patienceSeconds = 10

    package init() {}
}

/// Bounds on what anybody can make the gateway do. Bytes unless a name says otherwise.
package struct GatewayLimits: Sendable {
    /// Open connections, of everybody and of one address (a /64 of IPv6).
    package var connections = 2048
    package var connectionsPerAddress = 1024
    /// Uploads under way, of everybody and of one address or one user.
    package var uploads = 64
    package var uploadsPerCaller = 8
    /// A whole request body that carries files; every other body is held to `documentBody`.
    package var uploadBody: UInt64 = 8 << 30
    package var documentBody: UInt64 = 256 << 10
    /// The header of a request, one field of it, and how many there are.
    package var header = 32 << 10
    package var headerField = 12 << 10
    package var headerFields = 64
    /// Seconds from a connection or a request's first byte to the end of its header.
    package var headerSeconds = 10
    /// Seconds that a connection may wait for its next request.
    package var idleSeconds = 60
    /// The fewest bytes a second that a sender keeps up, and over how many seconds that is looked at.
    package var uploadRate: UInt64 = 1024
    package var rateSeconds = 10
    /// Seconds that a reader may take nothing of an answer that waits for it.
    package var stallSeconds = 60
    /// Seconds, and bytes, that are given to a sender to take notice of an answer that came before its end.
    package var lingerSeconds = 5
    package var lingerBytes = 64 << 20
    /// Bundles being verified at a time, and the files and bytes of one: what is kept in memory of it are its documents.
    package var bundles = 4
    package var bundleFiles = 64
    package var bundleBody: UInt64 = 4 << 30
    package var bundleDocument = 24 << 20

    package init() {}
}

/// Whose signed word about a user counts.
package struct OIDCConfiguration: Sendable {
    /// `iss`, to the letter.
    package var issuer: String
    /// `aud` must be or hold this.
    package var audience: String
    package var keys: KeySource
    /// Signature algorithms that count, of those known: `RS256`, `ES256`, `EdDSA`.
    package var algorithms: [String] = ["RS256", "ES256", "EdDSA"]
    /// Seconds by which clocks may differ.
    package var skewSeconds: Int64 = 60
    /// The claim that names roles, as a text or a list of texts; nil makes everybody a submitter.
    package var roleClaim: String?
    /// The claim's values for our roles; who has none of them is a submitter.
    package var auditorValue: String?

    package enum KeySource: Sendable, Equatable {
        /// A JWKS file, read at the start.
        case file(String)
        /// A JWKS by https, fetched by a process of its own at the start and every so many seconds.
        case url(String, everySeconds: Int)
    }

    package init(issuer: String, audience: String, keys: KeySource) {
        self.issuer = issuer
        self.audience = audience
        self.keys = keys
    }
}
