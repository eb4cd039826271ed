internal import Attest
internal import Keys
internal import Measure

/// Who has signed, and by which entry of the trust he may.
struct Signer {
    let key: PublicKey
    let trust: VerifierTrust.Key

    var voucher: Check.Voucher { .key(key.keyID) }

    var scheme: String { key.algorithm.name }
}

extension Verifier {
    /// Over the bytes as they lie there: nothing is parsed, and so nothing is rendered again, before this.
    mutating func checkSignature(over document: [UInt8]) -> Signer? {
        guard let signature = bytes(of: AIBoM.signatureName) else { return nil }
        let reasons = (malformed: Reason.billSignatureMalformed, mismatch: Reason.billSignatureMismatch)
        return checkSignature(signature, over: document, .signature, AIBoM.documentName, reasons)
    }

    /// Finds who has signed `bytes` among the keys that are trusted, and whether he might at the time.
    mutating func checkSignature(
        _ signature: [UInt8], over bytes: [UInt8], _ name: Check.Name, _ subject: String,
        _ reasons: (malformed: Reason, mismatch: Reason)
    ) -> Signer? {
        let signers = candidates
        guard !signers.isEmpty else {
            verdict.fail(name, subject, .keyMissing, "the trust names no key, and the evidence brings none of its")
            return nil
        }
        guard signers.contains(where: { SignatureForm.fits(signature, $0.key.algorithm) }) else {
            verdict.fail(
                name, subject, reasons.malformed, "its signature is not of the one form that the key's algorithm has")
            return nil
        }
        guard let signer = signers.first(where: { $0.key.verify(signature: signature, over: bytes) }) else {
            let ids = signers.map(\.key.keyID).joined(separator: ", ")
            verdict.fail(name, subject, reasons.mismatch, "its signature is none by key \(ids) over it")
            return nil
        }
        verdict.pass(name, subject, by: signer.voucher, "\(signer.scheme) by key \(signer.key.keyID)")
        return signer
    }

    /// Keys of the trust; those of which only the id is known if the evidence brings the key itself.
    var candidates: [Signer] {
        var signers: [Signer] = []
        for entry in trust.keys {
            if let key = entry.key {
                signers.append(Signer(key: key, trust: entry))
            } else if let key = chain?.key, key.keyID == entry.id {
                signers.append(Signer(key: key, trust: entry))
            }
        }
        // A chain that ends in an authority of the trust stands for a key that is not listed; one that is listed keeps its bounds.
        if let chain, case .trusted = chain.standing, let key = chain.key,
            !trust.keys.contains(where: { $0.id == key.keyID })
        {
            signers.append(Signer(key: key, trust: VerifierTrust.Key(key)))
        }
        return signers
    }

    mutating func checkKey(_ claims: AIBoM.Claims, _ signer: Signer?) {
        let given = signer?.key.keyID ?? trust.keys.map(\.id).joined(separator: ", ")
        if claims.keyID == signer?.key.keyID || (signer == nil && trust.keys.contains { $0.id == claims.keyID }) {
            verdict.pass(.key, AIBoM.documentName, by: .computation, "names the key that signed it")
        } else {
            verdict.fail(
                .key, AIBoM.documentName, .billKeyMismatch, "names key \(claims.keyID), not the given key \(given)")
        }
        if let signer { checkTime(of: signer) }
    }

    /// A key that has ended, or was taken, still vouches for what is proved to be older. Without a proof it vouches for nothing:
    /// whoever has taken the key writes any time he likes into a document.
    mutating func checkTime(of signer: Signer) {
        let entry = signer.trust
        guard entry.notBefore != nil || entry.notAfter != nil || entry.revoked != nil else { return }
        let subject = "key \(entry.id)"
        guard let proved = provedTime else {
            let why = entry.revoked.map { "revoked at \($0.time) (\($0.reason))" } ?? "valid for a time only"
            return verdict.fail(
                .key, subject, .keyTimeUnproved,
                "is \(why), and neither a log nor a timestamp proves when it signed")
        }
        if let revoked = entry.revoked, proved.time >= revoked.time {
            verdict.fail(
                .key, subject, .keyRevoked,
                "revoked at \(revoked.time) (\(revoked.reason)); the evidence is proved only for \(proved.time)")
        } else if let start = entry.notBefore, proved.time < start {
            verdict.fail(.key, subject, .keyNotYetValid, "valid from \(start); the evidence is of \(proved.time)")
        } else if let end = entry.notAfter, proved.time > end {
            verdict.fail(
                .key, subject, .keyExpired, "valid until \(end); the evidence is proved only for \(proved.time)")
        } else {
            verdict.pass(.key, subject, by: proved.voucher, "could sign at \(proved.time)")
        }
    }
}
