internal import Keys

/// What the process that holds the TPM can be asked. Everything else ends it.
enum PlatformVerb: UInt8, CaseIterable {
    /// Which attestation key this is.
    case identity = 1
    /// What the quoted registers hold.
    case registers = 2
    /// To enter the digest of `platform.json` in our register.
    case enter = 3
    /// To have the registers attested over the digest of one job's evidence.
    case quote = 4

    /// How far the conversation has come.
    enum State: Sendable {
        case anonymous
        case introduced
        /// Jobs are being sealed: what was measured at the start is what it was.
        case quoting
    }

    func isPermitted(_ state: State) -> Bool {
        switch self {
        case .identity: true
        case .registers: state != .anonymous
        case .enter: state == .introduced
        case .quote: state != .anonymous
        }
    }

    /// The exact length of the payload.
    var payloadLength: Int {
        switch self {
        case .identity, .registers: 0
        case .enter, .quote: 32
        }
    }
}
