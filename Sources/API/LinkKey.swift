package import JSON
package import Jobs
package import Measure

/// Makes and checks links: a URL that lets whoever holds it read one artifact for a while, without another identity.
///
/// What is signed is the method, the path as it will be sent, letter by letter, and the end; so a proof fits no other artifact, no
/// other job, no later time and no other spelling. A link can't be taken back but by changing the key, which ends all of them.
package struct LinkKey: Sendable {
    package static let length = 32
    package static let usualLifetime: Int64 = 3600

    private let code: MessageCode
    /// Seconds that a link is good for.
    private let lifetime: Int64

    /// - Parameters:
    ///   - secret: 32 bytes that nobody can guess.
    ///   - lifetime: seconds.
    package init(secret: [UInt8], lifetime: Int64 = LinkKey.usualLifetime) {
        precondition(secret.count == LinkKey.length, "the key of links has 256 bits")
        code = MessageCode(key: secret)
        self.lifetime = lifetime
    }

    package func link(to artifact: String, of job: JobID, at now: Instant = .now()) -> ArtifactLink {
        let path = "/v1/jobs/\(job)/artifacts/\(artifact.escapedForPath)"
        let expires = now.milliseconds / 1000 + lifetime
        let proof = LinkProof(expires: expires, signature: code.code(of: LinkKey.message(path, expires)))
        return ArtifactLink(
            artifact: artifact, url: "\(path)?\(proof.query)", expires: Instant(milliseconds: expires * 1000))
    }

    /// - Parameters:
    ///   - query: of the request, as it was sent.
    ///   - path: of the request, as it was sent.
    ///   - now: the time.
    /// - Throws: `ServiceError.badLink`. That a link has expired is said only of one that was good.
    func check(_ query: String, of path: String, at now: Instant = .now()) throws(ServiceError) {
        guard let proof = LinkProof(query: query),
            code.isCode(proof.signature, of: LinkKey.message(path, proof.expires))
        else { throw .badLink(.wrong) }
        guard now.milliseconds < proof.expires * 1000 else { throw .badLink(.expired) }
    }

    /// No line but the last can hold a line break, so two different links have two different messages.
    private static func message(_ path: String, _ expires: Int64) -> [UInt8] {
        Array("aibom link 1\nGET\n\(expires)\n\(path)".utf8)
    }
}

/// A link as its maker gives it out.
package struct ArtifactLink: Sendable, Equatable {
    package let artifact: String
    /// From the root of whichever door it is opened at.
    package let url: String
    package let expires: Instant

    package var json: JSON {
        ["artifact_name": .string(artifact), "url": .string(url), "expires": .string(expires.description)]
    }
}

/// The query of a link. It has one spelling: no other order, no other member, nothing twice, no sign, no escape, no upper case.
struct LinkProof: Equatable {
    private static let names = (expires: "expires=", signature: "signature=")

    /// Seconds since 1970.
    let expires: Int64
    let signature: Digest

    init(expires: Int64, signature: Digest) {
        self.expires = expires
        self.signature = signature
    }

    init?(query: String) {
        let parts = query.split(separator: "&", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasPrefix(Self.names.expires), parts[1].hasPrefix(Self.names.signature) else {
            return nil
        }
        let digits = parts[0].dropFirst(Self.names.expires.count)
        // Eleven digits of seconds are the year 5138; the product with 1000 fits.
        guard (1...11).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let expires = Int64(digits), String(expires) == digits,
            let signature = Digest(hex: String(parts[1].dropFirst(Self.names.signature.count)))
        else { return nil }
        self.init(expires: expires, signature: signature)
    }

    var query: String { "\(Self.names.expires)\(expires)&\(Self.names.signature)\(signature.hex)" }

    /// Whether a query means to be a link's: then it is the only proof that counts.
    static func isMeant(by query: String?) -> Bool {
        query?.split(separator: "&").contains { $0.hasPrefix(names.signature) || $0.hasPrefix(names.expires) } ?? false
    }
}
