internal import JSON
internal import JWTKit
internal import Measure
internal import Synchronization

/// Checks the signed words (JWT, RFC 7519) of the one identity provider that counts.
final class IdentityProvider: Sendable {
    let configuration: OIDCConfiguration
    private let keys: Mutex<ProviderKeys?>
    private let now: @Sendable () -> Instant

    /// - Parameters:
    ///   - configuration: whose word counts, and for what.
    ///   - keys: nil until the first have been fetched: until then nobody is let in by it.
    ///   - now: the time.
    init(
        _ configuration: OIDCConfiguration, keys: ProviderKeys?, now: @escaping @Sendable () -> Instant = { .now() }
    ) {
        self.configuration = configuration
        self.keys = Mutex(keys)
        self.now = now
    }

    func replaceKeys(_ keys: ProviderKeys) { self.keys.withLock { $0 = keys } }

    /// - Parameter token: as it came; hostile.
    /// - Returns: whom it vouches for.
    /// - Throws: 401 with what is wrong, in words that tell nothing but what the sender knows or can look up.
    func credential(for token: Substring) throws(GatewayError) -> Credential {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = ProviderToken.json(parts[0]), let claims = ProviderToken.json(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .unauthenticated("the token is neither one of this service nor a JWT") }
        try verify(signature, over: "\(parts[0]).\(parts[1])", header)
        let end = try check(claims)
        guard let subject = claims["sub"]?.stringValue, (1...255).contains(subject.utf8.count) else {
            throw .unauthenticated("the token names no subject")
        }
        return .stated(
            owner: StatedOwner.name(issuer: configuration.issuer, subject: subject), role: role(claims), until: end)
    }

    private func verify(_ signature: [UInt8], over text: String, _ header: JSON) throws(GatewayError) {
        guard let algorithm = header["alg"]?.stringValue, configuration.algorithms.contains(algorithm) else {
            throw .unauthenticated("the token's algorithm is not one of \(configuration.algorithms)")
        }
        // What must be understood and is not (RFC 7515, section 4.1.11).
        guard header["crit"] == nil else { throw .unauthenticated("the token asks for extensions that are not known") }
        guard header["kid"].map({ $0.stringValue != nil }) ?? true else {
            throw .unauthenticated("the token's key id is not a text")
        }
        guard let keys = keys.withLock({ $0 }) else {
            throw .full("the identity provider's keys are not there yet")
        }
        guard let key = keys.key(header["kid"]?.stringValue) else {
            throw .unauthenticated("the token's key is not one of the identity provider's")
        }
        guard key.algorithm == algorithm, (try? key.verifier.verify(signature, signs: Array(text.utf8))) == true else {
            throw .unauthenticated("the token's signature is not the identity provider's")
        }
    }

    /// - Returns: when the token ends, by a clock that goes as wrong as it may.
    private func check(_ claims: JSON) throws(GatewayError) -> Instant {
        guard claims["iss"]?.stringValue == configuration.issuer else {
            throw .unauthenticated("the token is of another issuer")
        }
        let audiences = claims["aud"]?.stringValue.map { [$0] } ?? claims["aud"]?.arrayValue?.compactMap(\.stringValue)
        guard audiences?.contains(configuration.audience) == true else {
            throw .unauthenticated("the token is meant for another audience")
        }
        let seconds = Double(now().milliseconds) / 1000
        let skew = Double(configuration.skewSeconds)
        guard let expiry = claims["exp"]?.doubleValue, expiry.isFinite else {
            throw .unauthenticated("the token does not say when it expires")
        }
        guard seconds < expiry + skew else { throw .unauthenticated("the token has expired") }
        if let start = claims["nbf"] {
            guard let start = start.doubleValue, seconds >= start - skew else {
                throw .unauthenticated("the token is not valid yet")
            }
        }
        // A date beyond the year 292,000,000 is as good as none.
        return Instant(milliseconds: Int64(exactly: ((expiry + skew) * 1000).rounded()) ?? .max)
    }

    private func role(_ claims: JSON) -> String {
        guard let name = configuration.roleClaim, let value = configuration.auditorValue else { return "submitter" }
        let claim = claims[name] ?? name.split(separator: ".").reduce(claims as JSON?) { $0?[String($1)] }
        let roles = claim?.stringValue.map { [$0] } ?? claim?.arrayValue?.compactMap(\.stringValue) ?? []
        return roles.contains(value) ? "auditor" : "submitter"
    }
}

private enum ProviderToken {
    /// One part of a token: an object without a member twice.
    static func json(_ part: Substring) -> JSON? {
        guard let bytes = Base64URL.decode(part) else { return nil }
        let json = try? JSON.parse(bytes, limits: JSON.Limits(bytes: 8 << 10, depth: 8, values: 500))
        return json?.objectValue == nil ? nil : json
    }
}
