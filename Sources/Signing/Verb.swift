/// What a signer can be asked. Everything else ends it.
///
/// The table is OpenSSH's idea (monitor.c, `struct mon_table`): each verb says in which states it is served, so that a
/// requester who has taken over the socket finds as little behind it as at any moment is needed.
enum Verb: UInt8, CaseIterable {
    case publicKey = 1
    case signStatement = 2

    /// How far the conversation has come.
    enum State: Sendable {
        /// Nobody has asked which key this is. A supervisor that does not know would name the wrong one in what it has signed.
        case anonymous
        case introduced
    }

    /// The states in which the verb is served.
    var permitted: Set<State> {
        switch self {
        case .publicKey: [.anonymous, .introduced]
        case .signStatement: [.introduced]
        }
    }

    /// The largest payload.
    var payloadLimit: Int {
        switch self {
        case .publicKey: 0
        case .signStatement: Frame.payloadLimit
        }
    }
}
