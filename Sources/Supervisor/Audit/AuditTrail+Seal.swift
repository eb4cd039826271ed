internal import AuditLog
internal import JSON
internal import JobStore
internal import Jobs
internal import Linux
internal import Measure

extension AuditTrail {
    /// Enters a seal, once, and proves it.
    ///
    /// The proof is one of the artifacts that are published together, so the seal comes into the log, under a signed checkpoint, before
    /// the job is over. A supervisor that dies in between finds the seal's record, which has all that the entry says, and looks whether
    /// the entry is there.
    ///
    /// - Parameters:
    ///   - seal: what was signed, and when.
    ///   - job: whose it is.
    ///   - isResumed: whether an earlier try may have entered it.
    /// - Throws: `TrailError`.
    /// - Returns: the proof, with the entry in it.
    func enter(_ seal: SignedSeal, of job: Job, isResumed: Bool) throws(TrailError) -> [UInt8] {
        try drain()  // what came before stands before it
        return try watching { () throws(LogError) in
            let entry = try LogEntry(seal, of: job).bytes()
            let found = isResumed ? try find(entry, from: seal.logSize) : nil
            let (index, signed): (UInt64, SignedCheckpoint?)
            if let found {
                (index, signed) = (found, log.published)
            } else {
                let receipt = try log.append([entry], until: .published)
                (index, signed) = (receipt.index, receipt.checkpoint)
            }
            guard let signed else { throw .closed }
            return try TlogProof(of: index, in: reader, under: signed, extra: entry).bytes
        }
    }

    /// The number of an entry with exactly these bytes.
    private func find(_ entry: [UInt8], from start: UInt64) throws(LogError) -> UInt64? {
        let size = try log.publish().checkpoint.size
        var found: UInt64?
        try reader.forEachEntry(in: min(start, size)..<size, size: size) { index, bytes throws(LogError) in
            if bytes == entry { found = index }
        }
        return found
    }
}

extension LogEntry {
    /// What the log says of a seal: the digests of everything that is published, but for the proof that this is said.
    init(_ seal: SignedSeal, of job: Job) throws(LogError) {
        var digests = JSONObject()
        for artifact in seal.artifacts { digests[artifact.name] = .string("sha256:\(artifact.blob.digest)") }
        try self.init(
            .jobSealed, at: seal.time, actor: "supervisor", owner: job.owner, job: job.id.description,
            detail: [
                "attempt": .integer(Int64(job.attempt)), "outcome": .string(seal.isFailure ? "failed" : "completed"),
                "artifacts": .object(digests),
            ])
    }
}
