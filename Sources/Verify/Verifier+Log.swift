internal import Attest
internal import AuditLog
internal import JSON
internal import Linux
internal import Measure

/// What `aibom.tlog-proof` is worth, before the evidence is held against it.
enum LogStanding {
    case absent
    /// The hashes hold, and nobody has said whose log it must be.
    case open(LogEntry, String)
    case trusted(LogEntry, String, origin: String)
    case refused(Reason, String)
}

extension Verifier {
    static let proof = AIBoM.logProofName

    /// First of all: the log's time is one that the signer does not choose.
    mutating func readLogProof() -> LogStanding {
        guard has(Self.proof) else { return .absent }
        let bytes: [UInt8]
        do throws(LinuxError) { bytes = try evidence.document(Self.proof, limit: TlogProof.sizeLimit) } catch {
            return .refused(.fileUnreadable, error.description)
        }
        do throws(LogError) {
            let proof = try TlogProof(bytes)
            guard let extra = proof.extra else { throw .malformed("proof", "has no entry in its line 'extra'") }
            let entry = try LogEntry(bytes: extra)
            guard (try? proof.verifyPath(of: extra)) != nil else {
                return .refused(
                    .logPathMismatch, "its hashes do not lead from its entry to its checkpoint's root")
            }
            return try standing(of: proof, extra, entry)
        } catch {
            switch error {
            case .badSignature: return .refused(.logSignatureMismatch, error.description)
            case .unknownKey: return .refused(.logUntrusted, error.description)
            default: return .refused(.logProofMalformed, error.description)
            }
        }
    }

    /// What the proof proves, as far as somebody has said whose log it must be.
    private mutating func standing(
        of proof: TlogProof, _ bytes: [UInt8], _ entry: LogEntry
    ) throws(LogError) -> LogStanding {
        let checkpoint = try Checkpoint(text: proof.note.text)
        let place = "entry \(proof.index) of \(checkpoint.size)"
        guard let trust = trust.log else {
            return .open(
                entry, "\(place) of \(checkpoint.origin), whose signature was not checked: say whose log it must be")
        }
        guard let key = trust.logs.first(where: { $0.name == checkpoint.origin }) else {
            throw .unknownKey(trust.logs.map(\.name.description).joined(separator: ", "))
        }
        let signed = try proof.verify(entry: bytes, log: key, witnesses: trust.witnesses)
        if let policy = trust.policy, !policy.accepts(signed) {
            return .refused(.logWitnessesMissing, "not signed by enough of the witnesses that the policy asks for")
        }
        guard checkpoint.size >= trust.leastSize else {
            return .refused(
                .logRolledBack, "its checkpoint has \(checkpoint.size) entries; the log had \(trust.leastSize) before")
        }
        let origin = checkpoint.origin.description
        prove(entry.time, by: .log(origin))
        let names = signed.signers.map(\.name.description).sorted().joined(separator: ", ")
        return .trusted(entry, "\(place), signed by \(names)", origin: origin)
    }

    /// That the seal stands in an audit log, and that its entry has the digest of everything else.
    mutating func checkLog(_ standing: LogStanding, job: String, outcome: String) {
        switch standing {
        case .absent:
            if trust.log != nil {
                verdict.fail(
                    .log, Self.proof, .logProofMissing, "missing: nothing shows that the seal is in a log")
            }
        case .refused(let reason, let fault): verdict.fail(.log, Self.proof, reason, fault)
        case .open(let entry, let sentence):
            guard agrees(entry, job, outcome) else { return }
            verdict.claim(.log, Self.proof, sentence)
        case .trusted(let entry, let sentence, let origin):
            guard agrees(entry, job, outcome) else { return }
            verdict.pass(.log, Self.proof, by: .log(origin), sentence)
        }
    }

    /// Whether all is so that the entry says, and all is in it that lies there.
    private mutating func agrees(_ entry: LogEntry, _ job: String, _ outcome: String) -> Bool {
        guard let (reason, fault) = fault(of: entry, job, outcome) else { return true }
        verdict.fail(.log, Self.proof, reason, fault)
        return false
    }

    private func fault(of entry: LogEntry, _ job: String, _ outcome: String) -> (Reason, String)? {
        guard entry.event == .known(.jobSealed) else {
            return (.logEventMismatch, "its entry is \(entry.event), not a seal")
        }
        guard entry.job == job else { return (.logJobMismatch, "its entry is of job \(entry.job ?? "none")") }
        let logged = entry.detail["outcome"]?.stringValue ?? ""
        guard logged == outcome else { return (.logOutcomeMismatch, "its entry says \(logged)") }
        let digests = entry.detail["artifacts"]?.objectValue ?? JSONObject()
        for member in digests.members {
            // A name of a stranger's: only what was listed is opened.
            guard has(member.key), let measured = try? evidence.measure(member.key),
                member.value == .string("sha256:\(measured.digest)")
            else { return (.logDigestMismatch, "\(member.key) is not what its entry says") }
        }
        let later = [Self.proof, Documents.timestamp].map { Array($0.utf8) }
        for name in present.subtracting(later).sorted(by: { $0.lexicographicallyPrecedes($1) })
        where digests[String(decoding: name, as: UTF8.self)] == nil {
            return (.logFileUnlisted, "\(Display.name(name)) is not in its entry")
        }
        return nil
    }
}
