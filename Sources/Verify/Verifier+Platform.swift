internal import Attest
internal import Keys
internal import Measure

extension Verifier {
    /// How the machine was started is the supervisor's own word, unless a TPM vouches for it.
    ///
    /// - Parameters:
    ///   - signer: of the job's documents.
    ///   - digest: of `platform.json`, as a signed document names it; that the file has it was checked before.
    ///   - bill: SHA-256 of `aibom.json`; nil of a job that has none, and of which no TPM can say anything.
    mutating func checkPlatform(_ signer: Signer?, _ digest: String?, bill: Digest?) {
        guard digest != nil, has(AIBoM.platformName), let bytes = bytes(of: AIBoM.platformName) else {
            return checkUnquoted()
        }
        do throws(AttestError) {
            let record = try PlatformRecord(bytes)
            let key = record.keys["documents"]
            guard key == signer?.key.keyID || signer == nil else {
                return verdict.fail(
                    .platform, AIBoM.platformName, .platformKeyMismatch,
                    "its machine signs with key \(key ?? "none"), and another one has signed")
            }
            // Whoever takes the quote away must not make the machine look like one without a TPM.
            guard record.tpm == nil || bill == nil || has(Documents.quote) else {
                return verdict.fail(
                    .quote, Documents.quote, .fileMissing, "missing: platform.json names a TPM that quotes each job")
            }
        } catch {
            return verdict.fail(.platform, AIBoM.platformName, .platformMalformed, error.description)
        }
        guard let bill, has(Documents.quote) else {
            checkUnquoted()
            return verdict.claim(
                .platform, AIBoM.platformName, by: signer?.voucher ?? .nobody,
                "what the supervisor measured of its machine; no TPM vouches for it")
        }
        checkQuote(bill, bytes)
    }

    /// A quote that nothing can be held against is a file too many.
    private mutating func checkUnquoted() {
        guard has(Documents.quote) else { return }
        verdict.fail(.extra, Documents.quote, .fileUnnamed, "there is no AIBoM or no platform.json that it could be of")
    }

    private mutating func checkQuote(_ bill: Digest, _ platform: [UInt8]) {
        guard let quote = bytes(of: Documents.quote) else { return }
        do throws(QuoteError) {
            let finding = try Quote.check(
                quote, bill: bill, platform: platform, authorities: trust.tpmAuthorities,
                at: provedTime?.time ?? .now())
            let sentence = "saw the start that platform.json names, number \(finding.starts), before this seal"
            guard let authority = finding.authority else {
                return verdict.claim(
                    .quote, Documents.quote, by: .tpm(finding.attestationKeyName),
                    "a key \(sentence); the trust has no authority that says whether it is a TPM's")
            }
            verdict.pass(
                .quote, Documents.quote, by: .tpm(finding.attestationKeyName), "\(sentence); certified by \(authority)")
        } catch {
            verdict.fail(.quote, Documents.quote, .quoteInvalid, error.description)
        }
    }
}
