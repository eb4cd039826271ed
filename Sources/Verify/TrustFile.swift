internal import AuditLog
internal import JSON
internal import Keys
internal import Measure

/// `aibom-trust/1`: a trust as a file. docs/verify.md has every member.
///
/// Strict: a member that is not known could be a bound that somebody relied on.
extension VerifierTrust {
    package static let schema = "aibom-trust/1"
    package static let sizeLimit = 1 << 20

    /// - Parameter bytes: of the file.
    /// - Throws: `VerifyError.trust` with the place and the fault.
    package init(json bytes: [UInt8]) throws(VerifyError) {
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(bytes, limits: .init(bytes: Self.sizeLimit, depth: 8, values: 10_000))
        } catch { throw .trust(place: "", fault: error.description) }
        let file = try TrustObject(
            value, "",
            [
                "schema", "keys", "builders", "policies", "log", "authorities", "timestamp_authorities",
                "tpm_authorities",
            ])
        guard try file.text("schema") == Self.schema else {
            throw .trust(place: "/schema", fault: "is not \(Self.schema), the one that this version reads")
        }
        self.init(keys: try file.list("keys", Self.key), log: try file.object("log", LogTrust.members).map(Self.log))
        builders = try file.optionalList("builders") { value, place throws(VerifyError) in
            guard let text = value.stringValue, !text.isEmpty else { throw .trust(place: place, fault: "is no text") }
            return text
        }
        policies = try file.optionalList("policies", Self.policy)
        authorities = try file.list("authorities", Self.certificate)
        timestampAuthorities = try file.list("timestamp_authorities", Self.certificate)
        tpmAuthorities = try file.optionalList("tpm_authorities", Self.authority).map { list throws(VerifyError) in
            do throws(QuoteError) { return try QuoteAuthorities(pem: Array(list.joined().utf8)) } catch {
                throw .trust(place: "/tpm_authorities", fault: error.description)
            }
        }
        try check()
    }

    /// Two entries of one key could bound it in two ways, and a file that trusts nobody is a mistake.
    private func check() throws(VerifyError) {
        for (index, key) in keys.enumerated() where keys[..<index].contains(where: { $0.id == key.id }) {
            throw .trust(place: "/keys/\(index)", fault: "is key \(key.id) a second time")
        }
        guard !keys.isEmpty || !authorities.isEmpty else {
            throw .trust(place: "", fault: "names neither keys nor authorities: nothing could ever be verified")
        }
    }

    private static func key(_ value: JSON, _ place: String) throws(VerifyError) -> Key {
        let entry = try TrustObject(value, place, ["role", "id", "pem", "not_before", "not_after", "revoked"])
        guard try entry.text("role") == "documents" else {
            throw .trust(place: "\(place)/role", fault: "is not documents, the role that a key of this list has")
        }
        let revoked = try entry.object("revoked", ["time", "reason"]).map {
            (revocation) throws(VerifyError) in
            Key.Revocation(
                time: try revocation.required(revocation.time("time"), "time"), reason: try revocation.text("reason"))
        }
        let pem = try entry.optionalText("pem")
        let id = try entry.optionalText("id")
        guard let key = try pem.map({ (pem) throws(VerifyError) in try publicKey(pem, "\(place)/pem") }) else {
            guard let id, Digest(hex: id) != nil else {
                throw .trust(place: place, fault: "has neither pem nor an id of 64 lower-case hexadecimal digits")
            }
            return Key(
                id: id, key: nil, notBefore: try entry.time("not_before"), notAfter: try entry.time("not_after"),
                revoked: revoked)
        }
        guard id == nil || id == key.keyID else {
            throw .trust(place: "\(place)/id", fault: "is not \(key.keyID), which the key in pem has")
        }
        return Key(
            key, notBefore: try entry.time("not_before"), notAfter: try entry.time("not_after"), revoked: revoked)
    }

    private static func publicKey(_ pem: String, _ place: String) throws(VerifyError) -> PublicKey {
        guard let key = try? PublicKey(pem: Array(pem.utf8)) else {
            throw .trust(place: place, fault: "is not one public key in PEM of a kind that signs documents")
        }
        return key
    }

    private static func policy(_ value: JSON, _ place: String) throws(VerifyError) -> Policy {
        let entry = try TrustObject(value, place, ["name", "sha256"])
        let policy = Policy(name: try entry.optionalText("name"), sha256: try entry.optionalText("sha256"))
        guard policy.name != nil || policy.sha256 != nil else {
            throw .trust(place: place, fault: "has neither name nor sha256, and would accept every policy")
        }
        guard policy.sha256.map({ Digest(hex: $0) != nil }) ?? true else {
            throw .trust(place: "\(place)/sha256", fault: "is not 64 lower-case hexadecimal digits")
        }
        return policy
    }

    private static func certificate(_ value: JSON, _ place: String) throws(VerifyError) -> [UInt8] {
        let certificates = value.stringValue.map { X509Certificate.read(pem: Array($0.utf8)) } ?? []
        guard certificates.count == 1 else { throw .trust(place: place, fault: "is not one certificate in PEM") }
        return certificates[0].der
    }

    private static func authority(_ value: JSON, _ place: String) throws(VerifyError) -> String {
        _ = try certificate(value, place)
        return value.stringValue.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" } ?? ""
    }

    private static func log(_ entry: TrustObject) throws(VerifyError) -> LogTrust {
        let keys = try entry.list("keys") { value, place throws(VerifyError) in
            do throws(LogError) { return try VerifierKey(value.stringValue ?? "") } catch {
                throw .trust(place: place, fault: error.description)
            }
        }
        let policy = try entry.optionalText("policy").map { (text) throws(VerifyError) in
            do throws(LogError) { return try TlogPolicy(Array(text.utf8)) } catch {
                throw .trust(place: "\(entry.place)/policy", fault: error.description)
            }
        }
        guard keys.isEmpty != (policy == nil) else {
            throw .trust(place: entry.place, fault: "has not just one of keys and policy")
        }
        var trust = policy.map { LogTrust($0) } ?? LogTrust(logs: keys)
        trust.leastSize = try entry.number("least_size") ?? 0
        return trust
    }
}

extension LogTrust {
    fileprivate static let members = ["keys", "policy", "least_size"]
}
