internal import AuditLog
internal import Keys

/// The one place where the key is used: takes a request, checks that it may be made, and answers it. No I/O.
struct SigningDesk: ~Copyable {
    private let key: SigningKey
    private let role: SignerRole
    private var state = Verb.State.anonymous
    /// Set while the state is `billed`.
    private var conversation: JobConversation?
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
        case .signBill:
            return try begin(with: payload)
        case .signStatement:
            return try sign { conversation throws(SigningError) in try conversation.admit(payload) }
        case .signModel:
            let algorithm = key.publicKey.algorithm
            return try sign { conversation throws(SigningError) in try conversation.admitModel(payload, algorithm) }
        case .endJob:
            conversation = nil
            state = .introduced
            return []
        case .signFailure:
            try StatementShape.checkUnbilled(try Statement(payload))
            return try key.sign(PreAuthentication.encoding(of: payload))
        case .signCheckpoint:
            return try sign(payload)
        case .cosign:
            try CosignatureShape.check(payload)
            return try key.sign(payload)
        }
    }

    /// Signs an AIBoM, and is about its job from then on.
    private mutating func begin(with bytes: [UInt8]) throws(SigningError) -> [UInt8] {
        let bill = try BillShape.check(bytes, keyID: key.publicKey.keyID)
        let signature = try key.sign(bytes)
        conversation = JobConversation(about: bill)
        state = .billed
        return signature
    }

    /// Signs what the conversation admits.
    private mutating func sign(
        _ admit: (inout JobConversation) throws(SigningError) -> [UInt8]
    ) throws(SigningError) -> [UInt8] {
        guard var conversation else { throw .signerRefused("no aibom was signed") }
        let bytes = try admit(&conversation)
        self.conversation = conversation
        return try key.sign(bytes)
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
