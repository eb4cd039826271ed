internal import AuditLog
internal import JSON
internal import JobStore
internal import Jobs
internal import Linux
internal import Measure
internal import Synchronization

/// Moves of jobs: committed in the store first, with a note that the log has yet to hear of them; entered here; then the note goes.
///
/// A supervisor that dies after the commit leaves the note, and its successor enters the move. One that dies after it entered the move and
/// before the note went leaves both: the successor looks through the entries that came after the last note went, and enters no move
/// that is among them. So every move is in the log, once, under the time that the store has for it.
extension AuditTrail {
    private static let batch = 500

    /// Enters every move that is noted as unlogged.
    func drain() throws(TrailError) {
        try mend()
        try entered.withLock { entered throws(TrailError) in
            while true {
                let moves = try trailing { () throws(StoreError) in try jobs.unlogged(limit: Self.batch) }
                guard let last = moves.last else { return }
                let fresh = moves.filter { !entered.moves.contains($0.name) }
                if !fresh.isEmpty {
                    try watching { () throws(LogError) in
                        var entries: [[UInt8]] = []
                        for move in fresh { entries.append(try LogEntry(move).bytes()) }
                        try log.append(entries)
                    }
                    entered.moves.formUnion(fresh.map(\.name))
                }
                CrashPoint.pass(.movesLogged)
                let end = log.size
                try trailing { () throws(StoreError) in try jobs.markLogged(through: last.number, entries: end) }
                entered.moves.subtract(moves.map(\.name))
            }
        }
    }

    /// What was entered from number `start` on.
    func enteredSince(_ start: UInt64) throws(TrailError) -> Entered {
        let size = log.published?.checkpoint.size ?? 0
        guard start <= size else { throw .log(.wentBackwards(size: size, seen: start, by: "the job store")) }
        var entered = Entered()
        do throws(LogError) {
            try reader.forEachEntry(in: start..<size, size: size) { _, bytes throws(LogError) in
                let entry = try LogEntry(bytes: bytes)
                if let name = entry.moveName {
                    entered.moves.insert(name)
                } else {
                    entered.standing.insert(entry.saying)
                }
            }
        } catch { throw .log(error) }
        return entered
    }
}

extension UnloggedMove {
    /// What tells this move from every other, here and in the log.
    var name: String { LogEntry.name(of: job.description, sequence: Int64(sequence)) }
}

extension LogEntry {
    static func name(of job: String, sequence: Int64) -> String { "\(job) \(sequence)" }

    /// A move's name; nil for what is no move.
    var moveName: String? {
        guard case .known(let kind) = event, [.jobSubmitted, .jobState].contains(kind), let job,
            let sequence = detail["sequence"]?.integerValue
        else { return nil }
        return Self.name(of: job, sequence: sequence)
    }

    /// What it says, whenever it was said.
    var saying: String {
        let detail = (try? JSON.object(detail).canonicalBytes()) ?? []
        return "\(event) \(String(decoding: detail, as: UTF8.self))"
    }

    /// What the log says of a move. It follows from what the store never changes, so it is the same whenever it is made.
    init(_ move: UnloggedMove) throws(LogError) {
        guard let job = move.submission else {
            var detail = JSONObject()
            detail["from"] = .string(move.previous?.rawValue ?? "none")
            detail["to"] = .string(move.state.rawValue)
            detail["attempt"] = .integer(Int64(move.attempt))
            detail["sequence"] = .integer(Int64(move.sequence))
            detail["problem"] = move.problem.map { .string($0.type) }
            try self.init(
                .jobState, at: move.time, severity: move.state == .failed ? .low : .informational, actor: "supervisor",
                owner: move.owner, job: move.job.description, detail: .object(detail))
            return
        }
        var inputs = JSONObject()
        for stored in job.inputs { inputs[stored.input.role.rawValue] = .string("sha256:\(stored.input.digest)") }
        try self.init(
            .jobSubmitted, at: move.time, actor: move.owner, owner: move.owner, job: move.job.description,
            detail: [
                "inputs": .object(inputs), "rootfs": .string(job.rootfs), "policy": .string(job.policy),
                "priority": .integer(Int64(job.priority)), "sequence": .integer(Int64(move.sequence)),
            ])
    }
}
