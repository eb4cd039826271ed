internal import JSON
internal import JWTKit

/// The keys of an identity provider, by their ids: a JWK set (RFC 7517).
///
/// A key is for one algorithm, which the key says and never the token: a public key can't be taken for an HMAC's secret, and
/// "none" has no key.
struct ProviderKeys: Sendable {
    struct Key: Sendable {
        let id: String?
        let algorithm: String
        let verifier: any JWTAlgorithm
    }

    static let maximumBytes = 256 << 10
    static let known = ["RS256", "ES256", "EdDSA"]

    private let keys: [Key]

    /// Reads a set; keys of kinds that are not taken are left out, as RFC 7517 wants of its readers.
    ///
    /// - Parameters:
    ///   - bytes: a JWK set as JSON.
    ///   - algorithms: those that count.
    /// - Throws: `KeySetError` when it is no set, or no key of it is of use.
    init(_ bytes: [UInt8], algorithms: [String]) async throws(KeySetError) {
        let json: JSON
        do throws(JSONError) {
            json = try JSON.parse(bytes, limits: JSON.Limits(bytes: ProviderKeys.maximumBytes, depth: 6, values: 5000))
        } catch {
            throw KeySetError("\(error)")
        }
        guard let members = json["keys"]?.arrayValue else { throw KeySetError("it has no list \"keys\"") }
        var keys: [Key] = []
        for member in members {
            guard let key = await ProviderKeys.key(member), algorithms.contains(key.algorithm) else { continue }
            guard !keys.contains(where: { $0.id == key.id }) else { throw KeySetError("two of its keys have one id") }
            keys.append(key)
        }
        guard !keys.isEmpty else {
            throw KeySetError("it has no signing key for \(algorithms.joined(separator: ", "))")
        }
        self.keys = keys
    }

    var count: Int { keys.count }

    /// The key that a token means; without an id it can only be the only one.
    func key(_ id: String?) -> Key? {
        guard let id else { return keys.count == 1 ? keys[0] : nil }
        return keys.first { $0.id == id }
    }

    private static func key(_ json: JSON) async -> Key? {
        let use = json["use"]?.stringValue
        guard use == nil || use == "sig", let (algorithm, collection) = await collection(json),
            json["alg"]?.stringValue.map({ $0 == algorithm }) ?? true,
            let verifier = try? await collection.getKey(), verifier.name == algorithm
        else { return nil }
        return Key(id: json["kid"]?.stringValue, algorithm: algorithm, verifier: verifier)
    }

    /// A collection of one: JWTKit's, asked for a key that it does not have, answers its first.
    private static func collection(_ json: JSON) async -> (String, JWTKeyCollection)? {
        let keys = JWTKeyCollection()
        switch (json["kty"]?.stringValue, json["crv"]?.stringValue) {
        case ("RSA", nil):
            guard let modulus = json["n"]?.stringValue, let exponent = json["e"]?.stringValue,
                (Base64URL.decode(modulus)?.count ?? 0) >= 256,
                let key = try? Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
            else { return nil }
            return ("RS256", await keys.add(rsa: key, digestAlgorithm: .sha256))
        case ("EC", "P-256"):
            guard let x = json["x"]?.stringValue, let y = json["y"]?.stringValue,
                let key = try? ES256PublicKey(parameters: (x, y))
            else { return nil }
            return ("ES256", await keys.add(ecdsa: key))
        case ("OKP", "Ed25519"):
            guard let x = json["x"]?.stringValue, let key = try? EdDSA.PublicKey(x: x, curve: .ed25519) else {
                return nil
            }
            return ("EdDSA", await keys.add(eddsa: key))
        default: return nil
        }
    }
}

/// Why a set of keys is not taken.
struct KeySetError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
