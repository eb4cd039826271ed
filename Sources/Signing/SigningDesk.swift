/// The one place where the key is used: takes a request, checks that it may be made, and answers it. No I/O.
struct SigningDesk: ~Copyable {
    private let key: SigningKey
    private var state = Verb.State.anonymous

    init(key: consuming SigningKey) { self.key = key }

    /// A request that no honest supervisor makes.
    enum Violation: Error, Equatable, CustomStringConvertible {
        case unknownVerb(UInt8)
        case notNow(Verb)
        case oversize(Verb)

        var description: String {
            switch self {
            case .unknownVerb(let kind): "unknown verb \(kind)"
            case .notNow(let verb): "verb \(verb) is not permitted now"
            case .oversize(let verb): "verb \(verb) with too large a payload"
            }
        }
    }

    /// Answers one request.
    ///
    /// - Parameter request: from a peer that is trusted to have good reasons, and with nothing else.
    /// - Throws: `Violation`, after which the conversation is over.
    /// - Returns: what was asked for, or a refusal that says why.
    mutating func answer(_ request: Frame) throws(Violation) -> Frame {
        guard let verb = Verb(rawValue: request.kind) else { throw .unknownVerb(request.kind) }
        guard verb.permitted.contains(state) else { throw .notNow(verb) }
        guard request.payload.count <= verb.payloadLimit else { throw .oversize(verb) }
        do throws(SigningError) {
            return Frame(kind: Reply.done.rawValue, payload: try serve(verb, request.payload))
        } catch {
            let reason = if case .signerRefused(let reason) = error { reason } else { error.description }
            return Frame(kind: Reply.refused.rawValue, payload: Array(reason.utf8))
        }
    }

    private mutating func serve(_ verb: Verb, _ payload: [UInt8]) throws(SigningError) -> [UInt8] {
        switch verb {
        case .publicKey:
            state = .introduced
            return key.publicKey.der
        case .signStatement:
            try StatementShape.check(payload)
            return try key.sign(payload)
        }
    }
}
