internal import Attest
internal import Keys

extension Verifier {
    /// How the machine was started is the supervisor's own word, unless a TPM vouches for it.
    ///
    /// - Parameters:
    ///   - signer: of the job's documents.
    ///   - digest: of `platform.json`, as a signed document names it; that the file has it was checked before.
    mutating func checkPlatform(_ signer: Signer?, _ digest: String?) {
        guard digest != nil, has(AIBoM.platformName), let bytes = bytes(of: AIBoM.platformName) else { return }
        do throws(AttestError) {
            let record = try PlatformRecord(bytes)
            let key = record.keys["documents"]
            guard key == signer?.key.keyID || signer == nil else {
                return verdict.fail(
                    .platform, AIBoM.platformName, .platformKeyMismatch,
                    "its machine signs with key \(key ?? "none"), and another one has signed")
            }
        } catch {
            return verdict.fail(.platform, AIBoM.platformName, .platformMalformed, error.description)
        }
        if !has(Documents.quote) {
            verdict.claim(
                .platform, AIBoM.platformName, by: signer?.voucher ?? .nobody,
                "what the supervisor measured of its machine; no TPM vouches for it")
        }
    }
}
