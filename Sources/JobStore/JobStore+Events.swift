internal import GRDB
internal import JSON
package import Jobs
package import Measure

extension JobStore {
    /// Events of a job's own making that are kept: a job that prints an epoch a millisecond fills no disk.
    package static let reportedEventLimit = 10_000

    /// Records an epoch or a note.
    ///
    /// - Returns: false, with nothing recorded, when the job has `reportedEventLimit` of them already.
    @discardableResult
    package func report(_ kind: JobEvent.Kind, of id: JobID, at time: Instant = .now()) throws(StoreError) -> Bool {
        if case .state(let state, _) = kind { throw .noSuchMove(id, from: state, to: state) }
        let isRecorded = try write("record event") { [self] database in
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM events WHERE job = ? AND kind <> 'state'",
                arguments: [id.description])
            guard let count, count < JobStore.reportedEventLimit else { return false }
            try record(database, kind, of: id, at: time)
            return true
        }
        if isRecorded { bell.ring(id) }
        return isRecorded
    }

    /// Events of a job after the one numbered `sequence`.
    package func events(of id: JobID, after sequence: Int = 0, limit: Int = 1000) throws(StoreError) -> [JobEvent] {
        try read("list events") { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM events WHERE job = ? AND sequence > ? ORDER BY sequence LIMIT ?",
                arguments: [id.description, sequence, limit])
            return try rows.map { try $0.event() }
        }
    }

    /// Writes an event and, when it is a move, the time of the state.
    func record(_ database: Database, _ kind: JobEvent.Kind, of id: JobID, at time: Instant) throws {
        try database.execute(
            sql: """
                INSERT INTO events (job, sequence, at, kind, payload)
                SELECT ?1, coalesce(max(sequence), 0) + 1, ?2, ?3, ?4 FROM events WHERE job = ?1
                """,
            arguments: [id.description, time.milliseconds, kind.name, kind.payload.description])
        guard case .state(let state, _) = kind else { return }
        try database.execute(
            sql: """
                INSERT INTO times (job, state, at) VALUES (?, ?, ?)
                ON CONFLICT (job, state) DO UPDATE SET at = excluded.at
                """,
            arguments: [id.description, state.rawValue, time.milliseconds])
    }
}
