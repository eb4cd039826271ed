package import Keys

/// What a signer process is for. It holds one key, and signs one kind of thing with it.
package enum SignerRole: String, Sendable, CaseIterable {
    case documents
    /// Checkpoints of our own log.
    case log
    /// Cosignatures under checkpoints of others' logs.
    case witness

    /// The kinds of key that it takes, the one that is made unasked first.
    package var algorithms: [KeyAlgorithm] {
        switch self {
        case .documents: [.p256, .p384, .ed25519]
        case .log, .witness: [.ed25519]
        }
    }

    /// All that it can be asked.
    var verbs: [Verb] {
        switch self {
        case .documents: [.publicKey, .signBill, .signStatement, .signModel, .signFailure, .endJob]
        case .log: [.publicKey, .signCheckpoint]
        case .witness: [.publicKey, .cosign]
        }
    }
}
