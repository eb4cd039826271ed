internal import Attest
package import AuditLog
internal import JSON
internal import Linux
internal import Measure

/// Whose logs a verifier takes the word of.
package struct LogTrust: Sendable {
    let logs: [VerifierKey]
    let witnesses: [VerifierKey]
    let policy: TlogPolicy?

    /// One log, without a witness.
    package init(_ key: VerifierKey) {
        logs = [key]
        witnesses = []
        policy = nil
    }

    package init(_ policy: TlogPolicy) {
        logs = policy.logs
        witnesses = policy.witnesses
        self.policy = policy
    }
}

extension Verifier {
    static let proof = AIBoM.logProofName

    /// That the seal stands in an audit log, where the bundle says so: the proof has the log's entry, which has the digest of everything
    /// else.
    mutating func checkLog(_ claims: AIBoM.Claims, _ trust: LogTrust?) {
        let present: [[UInt8]]
        do throws(LinuxError) { present = try evidence.names() } catch {
            return verdict.fail(.log, Self.proof, error.description)
        }
        guard present.contains(Array(Self.proof.utf8)) else {
            if trust != nil { verdict.fail(.log, Self.proof, "missing: nothing shows that the seal is in a log") }
            return
        }
        guard let bytes = bytes(of: Self.proof, limit: TlogProof.sizeLimit) else { return }
        do throws(LogError) {
            let proof = try TlogProof(bytes)
            guard let extra = proof.extra else { throw .malformed("proof", "has no entry in its line 'extra'") }
            let entry = try LogEntry(bytes: extra)
            if let fault = fault(of: entry, claims, present) { return verdict.fail(.log, Self.proof, fault) }
            verdict.pass(.log, Self.proof, try standing(of: proof, extra, trust))
        } catch {
            verdict.fail(.log, Self.proof, error.description)
        }
    }

    /// What the proof proves, as far as somebody has said whose log it must be.
    private func standing(of proof: TlogProof, _ entry: [UInt8], _ trust: LogTrust?) throws(LogError) -> String {
        guard let trust else {
            let checkpoint = try proof.verifyPath(of: entry)
            return
                "entry \(proof.index) of the \(checkpoint.size) of \(checkpoint.origin), whose signature was not checked: "
                + "say whose log it must be, with --log-key"
        }
        let origin = try Checkpoint(text: proof.note.text).origin
        guard let key = trust.logs.first(where: { $0.name == origin }) else {
            throw .unknownKey(trust.logs.map(\.name.description).joined(separator: ", "))
        }
        let signed = try proof.verify(entry: entry, log: key, witnesses: trust.witnesses)
        if let policy = trust.policy, !policy.accepts(signed) {
            throw .unknownKey("enough of the witnesses that the policy asks for")
        }
        let names = signed.signers.map(\.name.description).sorted().joined(separator: ", ")
        return "entry \(proof.index) of \(signed.checkpoint.size), signed by \(names)"
    }

    /// What the entry says that is not so; nil when all of it is.
    private func fault(of entry: LogEntry, _ claims: AIBoM.Claims, _ present: [[UInt8]]) -> String? {
        guard entry.event == .known(.jobSealed) else { return "its entry is \(entry.event), not a seal" }
        guard entry.job == claims.job else { return "its entry is of job \(entry.job ?? "none")" }
        let outcome = entry.detail["outcome"]?.stringValue ?? ""
        guard outcome == (claims.isCompleted ? "completed" : "failed") else { return "its entry says \(outcome)" }
        let digests = entry.detail["artifacts"]?.objectValue ?? JSONObject()
        for member in digests.members {
            guard let measured = try? evidence.measure(member.key),
                member.value == .string("sha256:\(measured.digest)")
            else { return "\(member.key) is not what its entry says" }
        }
        for name in present where name != Array(Self.proof.utf8) {
            guard digests[String(decoding: name, as: UTF8.self)] != nil else {
                return "\(Display.name(name)) is not in its entry"
            }
        }
        return nil
    }
}
