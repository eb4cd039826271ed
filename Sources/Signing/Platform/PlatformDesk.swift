internal import Keys

/// The one place where the TPM is used: takes a request, checks that it may be made, and answers it.
struct PlatformDesk: ~Copyable {
    private let device: TPMDevice
    private let handle: UInt32
    private var state = PlatformVerb.State.anonymous

    /// - Parameters:
    ///   - device: the TPM.
    ///   - handle: where its attestation key lies.
    init(_ device: consuming TPMDevice, handle: UInt32) {
        self.device = device
        self.handle = handle
    }

    /// A request that no honest supervisor makes.
    enum Violation: Error, Equatable, CustomStringConvertible {
        case unknownVerb(UInt8)
        case notNow(PlatformVerb)
        case length(PlatformVerb)

        var description: String {
            switch self {
            case .unknownVerb(let kind): "unknown verb \(kind)"
            case .notNow(let verb): "verb \(verb) is not permitted now"
            case .length(let verb): "verb \(verb) with a payload that has not \(verb.payloadLength) bytes"
            }
        }
    }

    /// Answers one request.
    ///
    /// - Parameter request: from a peer that is trusted to have good reasons, and with nothing else.
    /// - Throws: `Violation`, after which the conversation is over.
    /// - Returns: what was asked for, or a refusal that says why.
    mutating func answer(_ request: Frame) throws(Violation) -> Frame {
        guard let verb = PlatformVerb(rawValue: request.kind) else { throw .unknownVerb(request.kind) }
        guard verb.isPermitted(state) else { throw .notNow(verb) }
        guard request.payload.count == verb.payloadLength else { throw .length(verb) }
        do throws(SigningError) {
            return Frame(kind: Reply.done.rawValue, payload: try serve(verb, request.payload))
        } catch {
            return Frame(kind: Reply.refused.rawValue, payload: Array(error.description.utf8))
        }
    }

    private mutating func serve(_ verb: PlatformVerb, _ payload: [UInt8]) throws(SigningError) -> [UInt8] {
        switch verb {
        case .identity:
            let area = try device.publicArea(of: handle)
            if state == .anonymous { state = .introduced }
            return area
        case .registers: return try device.registers().flatMap(\.self)
        case .enter:
            // Before it is tried: a TPM that did it and could not say so must not do it twice.
            state = .quoting
            try device.enter(payload)
            return []
        case .quote:
            state = .quoting
            return try quote(payload).bytes
        }
    }

    /// The attestation, with register values that it is over.
    private borrowing func quote(_ nonce: [UInt8]) throws(SigningError) -> PlatformQuote {
        for _ in 0..<10 {
            let registers = try device.registers()
            let (attested, signature) = try device.quote(nonce, by: handle)
            let attestation: TPMAttestation
            do throws(TPMError) { attestation = try TPMAttestation(attested) } catch { throw .tpm(error.description) }
            // Others of this machine may have entered something between the two commands.
            guard attestation.registerDigest == TPMAttestation.digest(of: registers) else { continue }
            return PlatformQuote(attested: attested, signature: signature, registers: registers)
        }
        throw .tpm("its registers change all the time")
    }
}
