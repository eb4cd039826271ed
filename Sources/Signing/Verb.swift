internal import AuditLog

/// What a signer can be asked. Everything else ends it.
///
/// The table is OpenSSH's idea (monitor.c, `struct mon_table`): each verb is served in one state and to one role, so that a
/// requester who has taken over the socket finds as little behind it as at any moment is needed.
enum Verb: UInt8, CaseIterable {
    case publicKey = 1
    /// Takes the exact bytes of an AIBoM, and is about its job from then on.
    case signBill = 2
    case signCheckpoint = 3
    case cosign = 4
    /// Takes the payload of an envelope; what is signed, the signer composes around it.
    case signStatement = 5
    case signModel = 6
    /// The one statement there is of a job that never ran, and so has no AIBoM.
    case signFailure = 7
    case endJob = 8

    /// How far the conversation has come.
    enum State: Sendable {
        /// Nobody has asked which key this is. A supervisor that does not know would name the wrong one in what it has signed.
        case anonymous
        case introduced
        /// An AIBoM was signed; all that follows is about its job, until that is ended.
        case billed
    }

    /// Whether a signer of this role serves the verb in this state.
    func isPermitted(_ state: State, to role: SignerRole) -> Bool { self.state == state && role.verbs.contains(self) }

    private var state: State {
        switch self {
        case .publicKey: .anonymous
        case .signBill, .signFailure, .signCheckpoint, .cosign: .introduced
        case .signStatement, .signModel, .endJob: .billed
        }
    }

    /// The largest payload.
    var payloadLimit: Int {
        switch self {
        case .publicKey, .endJob: 0
        case .signBill, .signStatement, .signModel, .signFailure: Frame.payloadLimit
        case .signCheckpoint: GrowthClaim.sizeLimit
        case .cosign: 64 << 10
        }
    }
}
