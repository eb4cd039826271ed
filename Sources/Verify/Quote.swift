internal import Attest
internal import Keys
package import Measure

/// That a TPM saw the start that a job's evidence names, and saw it before that evidence was sealed.
package enum Quote {
    /// What holds once it is checked.
    package struct Finding: Sendable, Equatable {
        /// The attestation key's Name, as `platform.json` has it.
        package let attestationKeyName: String
        /// Who certified the key; nil when nobody said whom to ask.
        package let authority: String?
        /// How many starts of the supervisor the machine has seen since it was switched on.
        package let starts: Int
    }

    /// Checks a quote.
    ///
    /// 1. The key is one that signs only what its TPM composed, and the one that `platform.json` names.
    /// 2. It signed this attestation; nothing of the attestation is read before that.
    /// 3. The attestation is over `aibom.json`, so it is of this job and no older one.
    /// 4. The registers' values are those that are attested; entering the listed starts, one after the other, in an empty register gives
    ///    ours; and the last of them is this `platform.json`.
    /// 5. An authority that the verifier trusts says that the key is in a TPM.
    ///
    /// - Parameters:
    ///   - document: the bytes of `platform.quote.json`.
    ///   - bill: SHA-256 of `aibom.json`.
    ///   - platform: the bytes of `platform.json`.
    ///   - authorities: whose certificates of attestation keys to believe; nil leaves open whose the key is, and the finding says so.
    ///   - time: at which the certificates must be valid: a time that is proved, or now.
    /// - Throws: `QuoteError`, of which each case is one thing that does not hold.
    /// - Returns: what holds.
    package static func check(
        _ document: [UInt8], bill: Digest, platform: [UInt8], authorities: QuoteAuthorities?, at time: Instant
    ) throws(QuoteError) -> Finding {
        let (quote, record) = try read(document, platform)
        guard let tpm = record.tpm else { throw .platformWithoutTPM }
        let key: AttestationKey
        do throws(TPMError) {
            key = try AttestationKey(area: try bytes(quote.publicArea, "public"))
        } catch { throw .key(error) }
        guard key.name == tpm.attestationKeyName else {
            throw .otherKey(found: key.name, named: tpm.attestationKeyName)
        }
        let attestation = try attestation(quote, by: key)
        guard attestation.nonce == bill.bytes else { throw .nonce }
        try checkRegisters(quote, attestation, tpm)
        try checkStarts(quote, Digest.of(platform))
        return Finding(
            attestationKeyName: key.name, authority: try authorities?.vouch(for: key, quote.certificates, at: time),
            starts: quote.starts.count)
    }

    private static func read(
        _ document: [UInt8], _ platform: [UInt8]
    ) throws(QuoteError) -> (QuoteDocument, PlatformRecord) {
        do throws(AttestError) {
            return (try QuoteDocument(document), try PlatformRecord(platform))
        } catch { throw .document(error.description) }
    }

    private static func attestation(
        _ quote: QuoteDocument, by key: AttestationKey
    ) throws(QuoteError) -> TPMAttestation {
        do throws(TPMError) {
            let attested = try bytes(quote.attested, "attested")
            guard try key.verify(signature: try bytes(quote.signature, "signature"), over: attested) else {
                throw .field("signature", "is not by the attestation key over the attested bytes")
            }
            return try TPMAttestation(attested)
        } catch { throw .attestation(error) }
    }

    private static func checkRegisters(
        _ quote: QuoteDocument, _ attestation: TPMAttestation, _ tpm: PlatformRecord.TPM
    ) throws(QuoteError) {
        guard tpm.register == PlatformRegisters.own else { throw .register(tpm.register) }
        guard quote.registers.count == PlatformRegisters.selected.count else { throw .registerValues }
        var values: [[UInt8]] = []
        for register in PlatformRegisters.selected {
            guard let value = quote.registers[String(register)].flatMap(Digest.init(hex:)) else {
                throw .registerValues
            }
            values.append(value.bytes)
        }
        guard TPMAttestation.digest(of: values) == attestation.registerDigest else { throw .registerValues }
    }

    private static func checkStarts(_ quote: QuoteDocument, _ platform: Digest) throws(QuoteError) {
        let starts = quote.starts.compactMap(Digest.init(hex:))
        let own = quote.registers[String(PlatformRegisters.own)].flatMap(Digest.init(hex:))
        guard starts.count == quote.starts.count, let own, TPMAttestation.replay(starts) == own.bytes else {
            throw .starts
        }
        guard starts.last == platform else { throw .otherPlatform(starts.last?.hex ?? "none") }
    }

    private static func bytes(_ base64: String, _ name: String) throws(TPMError) -> [UInt8] {
        guard let bytes = Base64.decode(base64.utf8) else { throw .field(name, "is no base64") }
        return bytes
    }
}
