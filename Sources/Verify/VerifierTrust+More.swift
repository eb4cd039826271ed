package import Keys
internal import Measure

/// What a trust is widened by, beside its keys.
extension VerifierTrust {
    /// Takes the keys of a signed history that one of ours leads to, each until it handed over or was revoked.
    ///
    /// A retired key then needs a proof of when it signed, as one with a bound of the trust file does: its thief writes any time.
    ///
    /// - Throws: `VerifyError.trust` for a history that knows none of our keys: it is somebody else's.
    package mutating func add(_ history: KeyHistory) throws(VerifyError) {
        guard let root = keys.first(where: { known in history.keys.contains { $0.keyID == known.id } }) else {
            throw .trust(place: "key history", fault: "knows none of the keys that are trusted")
        }
        for key in history.keys {
            let isRoot = key.keyID == root.id
            if !isRoot, case .brokenChain = history.judge(key.keyID, at: Instant(milliseconds: 0), trusting: root.id) {
                continue
            }
            let revoked = history.revocation(of: key.keyID).map {
                Key.Revocation(time: $0.since, reason: $0.reason)
            }
            let entry = Key(key, notAfter: history.retirement(of: key.keyID), revoked: revoked)
            if let index = keys.firstIndex(where: { $0.id == key.keyID }) {
                keys[index] = keys[index].narrowed(to: entry)
            } else {
                keys.append(entry)
            }
        }
    }

    /// Takes certificates of authorities for signers' chains, PEM.
    package mutating func add(authorities pem: [UInt8]) throws(VerifyError) {
        authorities += try Self.certificates(pem, "authorities")
    }

    /// Takes certificates of timestamp authorities, PEM.
    package mutating func add(timestampAuthorities pem: [UInt8]) throws(VerifyError) {
        timestampAuthorities += try Self.certificates(pem, "timestamp authorities")
    }

    /// Takes certificates of those who certify TPMs' attestation keys, PEM, in the place of others.
    package mutating func set(tpmAuthorities pem: [UInt8]) throws(VerifyError) {
        do throws(QuoteError) { tpmAuthorities = try QuoteAuthorities(pem: pem) } catch {
            throw .trust(place: "TPM authorities", fault: error.description)
        }
    }

    private static func certificates(_ pem: [UInt8], _ place: String) throws(VerifyError) -> [[UInt8]] {
        let certificates = X509Certificate.read(pem: pem)
        guard !certificates.isEmpty else { throw .trust(place: place, fault: "holds no certificate in PEM") }
        return certificates.map(\.der)
    }
}

extension VerifierTrust.Key {
    /// The same key within both bounds.
    fileprivate func narrowed(to other: Self) -> Self {
        let end = [notAfter, other.notAfter].compactMap(\.self).min()
        let revoked = [self.revoked, other.revoked].compactMap(\.self).min { $0.time < $1.time }
        return Self(id: id, key: key ?? other.key, notBefore: notBefore, notAfter: end, revoked: revoked)
    }
}
