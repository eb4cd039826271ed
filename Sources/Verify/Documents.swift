internal import Attest

/// The files of a bundle that are read, and how large each may be.
enum Documents {
    static let chain = AIBoM.certificatesName
    static let quote = QuoteDocument.name
    static let timestamp = "aibom.tsr"

    /// What may lie there and the AIBoM does not name: it is made after it, or by others.
    static let optional = [chain, quote, timestamp]

    static let all = AIBoM.documentNames + optional + [AIBoM.platformName]

    static func limit(of name: String) -> Int {
        switch name {
        case AIBoM.documentName: 8 << 20
        case AIBoM.attestationName: 24 << 20
        case AIBoM.signatureName: 1 << 10
        case timestamp: 64 << 10
        default: 1 << 20
        }
    }
}
