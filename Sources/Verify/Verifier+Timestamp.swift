internal import Attest
internal import Measure

/// What `aibom.tsr` is worth.
enum TimestampStanding {
    /// The trust has no timestamp authority.
    case open(Instant)
    case trusted(Instant, authority: String)
    case refused(Reason, String)
}

extension Verifier {
    /// Before the signer's key is looked at: when it signed says whether it could.
    mutating func readTimestamp() {
        guard has(Documents.timestamp), has(AIBoM.signatureName), let response = bytes(of: Documents.timestamp),
            let signature = bytes(of: AIBoM.signatureName)
        else { return }
        do throws(VerifyError) {
            let token = try TimestampToken(response)
            guard try token.isOver(signature) else {
                throw .evidence(.timestampMismatch, "is over other bytes than \(AIBoM.signatureName)")
            }
            guard !trust.timestampAuthorities.isEmpty else { return timestamp = .open(token.time) }
            if let fault = token.fault(by: trust.timestampAuthorities, over: signature) {
                throw .evidence(.timestampUntrusted, fault)
            }
            let authority = token.authority()
            prove(token.time, by: .timestampAuthority(authority))
            timestamp = .trusted(token.time, authority: authority)
        } catch {
            guard case .evidence(let reason, let fault) = error else { return }
            timestamp = .refused(reason, fault)
        }
    }

    /// Anybody may add a timestamp, so one that is not there is no fault.
    mutating func checkTimestamp() {
        switch timestamp {
        case nil: break
        case .open(let time):
            verdict.claim(
                .timestamp, Documents.timestamp, "of \(time); the trust has no timestamp authority to judge it by")
        case .trusted(let time, let authority):
            verdict.pass(
                .timestamp, Documents.timestamp, by: .timestampAuthority(authority),
                "\(AIBoM.signatureName) was there at \(time)")
        case .refused(let reason, let fault): verdict.fail(.timestamp, Documents.timestamp, reason, fault)
        }
    }
}
