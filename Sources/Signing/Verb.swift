internal import AuditLog

/// What a signer can be asked. Everything else ends it.
///
/// The table is OpenSSH's idea (monitor.c, `struct mon_table`): each verb says in which states it is served, so that a
/// requester who has taken over the socket finds as little behind it as at any moment is needed.
enum Verb: UInt8, CaseIterable {
    case publicKey = 1
    case signStatement = 2
    case signCheckpoint = 3
    case cosign = 4

    /// How far the conversation has come.
    enum State: Sendable {
        /// Nobody has asked which key this is. A supervisor that does not know would name the wrong one in what it has signed.
        case anonymous
        case introduced
    }

    /// Whether a signer of this role serves the verb in this state.
    func isPermitted(_ state: State, to role: SignerRole) -> Bool {
        switch self {
        case .publicKey: true
        case .signStatement, .signCheckpoint, .cosign: state == .introduced && role.verb == self
        }
    }

    /// The largest payload.
    var payloadLimit: Int {
        switch self {
        case .publicKey: 0
        case .signStatement: Frame.payloadLimit
        case .signCheckpoint: GrowthClaim.sizeLimit
        case .cosign: 64 << 10
        }
    }
}
