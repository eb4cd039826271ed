package import Keys

/// The one thing of a quote that does not hold.
package enum QuoteError: Error, Equatable, Sendable, CustomStringConvertible {
    case document(String)
    /// `platform.json` was measured on a machine whose TPM was not used.
    case platformWithoutTPM
    case key(TPMError)
    case otherKey(found: String, named: String)
    case attestation(TPMError)
    /// The quote is of another job.
    case nonce
    case register(Int64)
    case registerValues
    case starts
    case otherPlatform(String)
    case noCertificate
    case certificates(String)
    /// The chain's first certificate is of another key.
    case certifiedKey
    /// The chain's first certificate is not for an attestation key.
    case purpose
    case untrusted(String)

    package var description: String {
        switch self {
        case .document(let fault): fault
        case .platformWithoutTPM: "platform.json names no tpm, and here is a quote of one"
        case .key(let error): "the quote's key: \(error)"
        case .otherKey(let found, let named): "the quote's key is \(found), platform.json names \(named)"
        case .attestation(let error): "the quote: \(error)"
        case .nonce: "the quote is not over this aibom.json: it was made for another job"
        case .register(let number): "platform.json was entered in register \(number), and only 13 is quoted"
        case .registerValues: "the listed register values are not those that the tpm attests"
        case .starts:
            "the listed starts do not lead to the value of the tpm's register 13: one is missing, added or out of order"
        case .otherPlatform(let digest):
            "the last start is of the platform.json with SHA-256 \(digest), not of this one"
        case .noCertificate:
            "the quote has no certificate of its key; check without --tpm-ca, and learn only whose key it is"
        case .certificates(let fault): "certificates: \(fault)"
        case .certifiedKey: "the first certificate is of another key than the quote's"
        case .purpose: "the first certificate is not one of an attestation key (extended key usage 2.23.133.8.3)"
        case .untrusted(let reason): "the certificate leads to no authority of --tpm-ca: \(reason)"
        }
    }
}
