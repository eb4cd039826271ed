internal import Keys

/// What is signed about one job, from its AIBoM on: each kind of statement once.
struct JobConversation: Sendable {
    private let bill: Bill
    private var stated: Set<Statement.PredicateType> = []

    init(about bill: Bill) { self.bill = bill }

    /// Admits a statement that was not made yet.
    ///
    /// - Returns: the bytes to sign.
    mutating func admit(_ payload: [UInt8]) throws(SigningError) -> [UInt8] {
        let statement = try Statement(payload)
        try StatementShape.check(statement, against: bill)
        return try take(statement, payload)
    }

    /// Admits the model's signature, by a key of a kind that OMS knows.
    mutating func admitModel(_ payload: [UInt8], _ algorithm: KeyAlgorithm) throws(SigningError) -> [UInt8] {
        guard algorithm != .ed25519 else { throw .signerRefused("model statement: OMS has no signatures by Ed25519") }
        let statement = try Statement(payload)
        try ModelShape.check(statement, against: bill)
        return try take(statement, payload)
    }

    private mutating func take(_ statement: Statement, _ payload: [UInt8]) throws(SigningError) -> [UInt8] {
        guard stated.insert(statement.type).inserted else {
            throw .signerRefused("statement: \(statement.type.rawValue) was signed for this aibom already")
        }
        return PreAuthentication.encoding(of: payload)
    }
}
