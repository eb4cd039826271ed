internal import AuditLog
internal import Keys

/// The one place where the key is used: takes a request, checks that it may be made, and answers it. No I/O.
struct SigningDesk: ~Copyable {
    private let key: SigningKey
    private let role: SignerRole
    private var state = Verb.State.anonymous
    /// What a log's key signed last. Two checkpoints that do not fit together never both get its signature.
    private var last: Checkpoint?

    init(key: consuming SigningKey, role: SignerRole = .documents) {
        self.key = key
        self.role = role
    }

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
        guard verb.isPermitted(state, to: role) else { throw .notNow(verb) }
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
        case .signCheckpoint:
            return try sign(payload)
        case .cosign:
            try CosignatureShape.check(payload)
            return try key.sign(payload)
        }
    }

    /// Signs a checkpoint that extends the last one. What this process does not remember, its own signature has to show.
    private mutating func sign(_ payload: [UInt8]) throws(SigningError) -> [UInt8] {
        let claim: GrowthClaim
        do throws(LogError) {
            claim = try GrowthClaim(payload)
            try claim.check(publicKey: key.publicKey.ed25519 ?? [], remembered: last)
        } catch { throw .signerRefused(error.description) }
        let signature = try key.sign(claim.checkpoint.text)
        last = claim.checkpoint
        return signature
    }
}
