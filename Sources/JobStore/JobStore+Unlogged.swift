internal import GRDB
internal import JSON
package import Jobs
package import Measure

/// A move of a job that the audit log may not have yet.
package struct UnloggedMove: Sendable, Equatable {
    /// Rises from one to the next, across all jobs.
    package let number: Int64
    package let job: JobID
    package let owner: String
    /// The move's number among the job's events: with the job it names the move, for good.
    package let sequence: Int
    package let time: Instant
    /// Nil for the first of all.
    package let previous: JobState?
    package let state: JobState
    package let attempt: Int
    /// The job as it was handed in, for the move that began it.
    package let submission: Job?
    /// Why it failed, for a move to `failed`.
    package let problem: Problem?
}

/// The store commits first, and the log hears of it after: an entry never tells of what did not happen, and what happened is noted in the
/// same transaction until the log has it.
extension JobStore {
    /// Moves that the log may not have, the oldest first.
    package func unlogged(limit: Int) throws(StoreError) -> [UnloggedMove] {
        try read("list unlogged moves") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT number, unlogged.job, unlogged.sequence, at, kind, payload, owner, problem, (
                        SELECT payload FROM events AS earlier WHERE earlier.job = unlogged.job
                            AND earlier.sequence < unlogged.sequence AND earlier.kind = 'state'
                            ORDER BY earlier.sequence DESC LIMIT 1) AS previous
                    FROM unlogged JOIN jobs ON jobs.id = unlogged.job
                        JOIN events ON events.job = unlogged.job AND events.sequence = unlogged.sequence
                    ORDER BY number LIMIT ?
                    """, arguments: [limit])
            return try rows.map { try move(database, $0) }
        }
    }

    private func move(_ database: Database, _ row: Row) throws -> UnloggedMove {
        let event = try row.event()
        guard case .state(let state, let attempt) = event.kind else { throw StoreError.unreadable("unlogged.sequence") }
        let id: JobID = try row.jobID("job")
        let before: String? = row["previous"]
        let previous: JobState? = try before.map { _ in
            guard case .state(let state, _) = JobEvent.Kind(name: "state", payload: try row.json("previous")) else {
                throw StoreError.unreadable("events.payload")
            }
            return state
        }
        let problem: String? = row["problem"]
        return UnloggedMove(
            number: row["number"], job: id, owner: row["owner"], sequence: event.sequence, time: event.time,
            previous: previous, state: state, attempt: attempt,
            submission: previous == nil ? try job(database, id) : nil,
            problem: state == .failed && problem != nil ? Problem(json: try row.json("problem")) : nil)
    }

    /// The log has every move up to the one numbered `number`, and no more than its first `entries` are needed to know that.
    package func markLogged(through number: Int64, entries: UInt64) throws(StoreError) {
        try write("mark logged moves") { database in
            try database.execute(sql: "DELETE FROM unlogged WHERE number <= ?", arguments: [number])
            try Self.setMark(database, Self.entriesMark, "\(entries)")
        }
    }

    /// How many of the log's entries can't be about a move that is noted as unlogged.
    package func loggedEntries() throws(StoreError) -> UInt64 {
        guard let text = try logMark(Self.entriesMark) else { return 0 }
        guard let number = UInt64(text) else { throw .unreadable("log_marks.value") }
        return number
    }

    private static let entriesMark = "entries"

    /// What the log said last of a thing that changes: a key, a policy.
    package func logMark(_ name: String) throws(StoreError) -> String? {
        try read("read log mark") { database in
            try String.fetchOne(database, sql: "SELECT value FROM log_marks WHERE name = ?", arguments: [name])
        }
    }

    /// All of them whose names begin with `prefix`.
    package func logMarks(_ prefix: String) throws(StoreError) -> [String: String] {
        try read("read log marks") { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT name, value FROM log_marks WHERE substr(name, 1, ?) = ?",
                arguments: [prefix.count, prefix])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0["value"]) })
        }
    }

    /// Notes what the log says now; nil takes a mark away. With `entries` it also says that no more of the log are needed to know it.
    package func setLogMarks(_ marks: [String: String?], entries: UInt64? = nil) throws(StoreError) {
        try write("set log marks") { database in
            for (name, value) in marks { try Self.setMark(database, name, value) }
            if let entries { try Self.setMark(database, Self.entriesMark, "\(entries)") }
        }
    }

    private static func setMark(_ database: Database, _ name: String, _ value: String?) throws {
        if let value {
            try database.execute(
                sql: "INSERT INTO log_marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                arguments: [name, value])
        } else {
            try database.execute(sql: "DELETE FROM log_marks WHERE name = ?", arguments: [name])
        }
    }
}
