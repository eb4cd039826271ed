internal import GRDB
internal import JSON
package import Jobs
internal import Linux
package import Measure

/// How a job ends.
package enum Conclusion: Sendable, Equatable {
    case completed
    case failed(Problem)
    case cancelled

    package var state: JobState {
        switch self {
        case .completed: .completed
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }
}

extension JobStore {
    /// Moves a job from the state that the caller saw to the next.
    ///
    /// - Parameters:
    ///   - id: the job.
    ///   - current: the state that the caller saw.
    ///   - next: not a final one: see `finish`.
    ///   - held: blobs that the job needs until its end although no row of its own names them yet: what it is sealed with.
    ///   - time: when.
    /// - Throws: `StoreError.lostRace` when the job is in another state by now: two that both want to move a job can't
    ///   both succeed. `StoreError.noSuchMove` when the table of moves has none, or `next` is final.
    /// - Returns: the job after the move; a move back to `queued` begins the next attempt.
    @discardableResult
    package func move(
        _ id: JobID, from current: JobState, to next: JobState, holding held: [Digest] = [], at time: Instant = .now()
    ) throws(StoreError) -> Job {
        guard !next.isFinal else { throw .noSuchMove(id, from: current, to: next) }
        let job = try write("move job to \(next)") { [self] database in
            try change(database, id, from: current, to: next, at: time)
            try hold(database, held, of: id)
            return try self.job(database, id)
        }
        bell.ring(id)
        return job
    }

    /// Puts a job that was begun back into the queue as if it had not been: an orderly stop is no failed attempt.
    ///
    /// - Throws: `StoreError.lostRace` when the job has come to another state meanwhile.
    @discardableResult
    package func postpone(
        _ id: JobID, from current: JobState, at time: Instant = .now()
    ) throws(StoreError) -> Job {
        let job = try write("postpone job") { [self] database in
            try change(database, id, from: current, to: .queued, at: time, countsAttempt: false)
            return try self.job(database, id)
        }
        CrashPoint.pass(.jobRequeued)
        bell.ring(id)
        return job
    }

    /// Ends a job and publishes what it made, in one transaction: whoever sees the state sees all of the artifacts, and no
    /// artifact is seen before.
    ///
    /// The artifacts' blobs must be stored before.
    @discardableResult
    package func finish(
        _ id: JobID, from current: JobState, as outcome: Conclusion, artifacts: [Artifact], at time: Instant = .now()
    ) throws(StoreError) -> Job {
        let job = try write("finish job") { [self] database in
            for artifact in artifacts { try insert(database, artifact, of: id) }
            if case .failed(let problem) = outcome { try set(database, problem, of: id) }
            try change(database, id, from: current, to: outcome.state, at: time)
            // From here on the artifacts' own rows hold their blobs.
            try database.execute(sql: "DELETE FROM held_blobs WHERE job = ?", arguments: [id.description])
            return try self.job(database, id)
        }
        CrashPoint.pass(.jobFinished)
        bell.ring(id)
        ended(job)
        return job
    }

    /// Writes down that somebody was told that a job ends: whoever takes it up after a crash ends it, too. Of a job that is over by now
    /// there is nothing to write.
    package func askCancel(_ id: JobID, at time: Instant = .now()) throws(StoreError) {
        try write("record cancellation") { database in
            try database.execute(
                sql: "UPDATE jobs SET cancel_asked = coalesce(cancel_asked, ?) WHERE id = ? AND ended IS NULL",
                arguments: [time.milliseconds, id.description])
        }
        CrashPoint.pass(.cancelRecorded)
    }

    /// Holds blobs for a job that is being sealed; of any other job there is nothing to hold.
    package func hold(_ digests: [Digest], of id: JobID) throws(StoreError) {
        try write("hold blobs") { [self] database in try hold(database, digests, of: id) }
    }

    private func hold(_ database: Database, _ digests: [Digest], of id: JobID) throws {
        for digest in Set(digests) {
            try database.execute(
                sql: "INSERT OR IGNORE INTO held_blobs SELECT id, ? FROM jobs WHERE id = ? AND state = 'sealing'",
                arguments: [digest.data, id.description])
        }
    }

    /// Compare and set: the UPDATE names the state that the caller saw.
    private func change(
        _ database: Database, _ id: JobID, from current: JobState, to next: JobState, at time: Instant,
        countsAttempt: Bool = true
    ) throws {
        guard current.canBecome(next) else { throw StoreError.noSuchMove(id, from: current, to: next) }
        try database.execute(
            sql: "UPDATE jobs SET state = ?, attempt = attempt + ?, ended = ? WHERE id = ? AND state = ?",
            arguments: [
                next.rawValue, countsAttempt && current.isRetry(to: next) ? 1 : 0,
                next.isFinal ? time.milliseconds : nil, id.description, current.rawValue,
            ])
        let isMoved = database.changesCount == 1
        let job = try job(database, id)
        guard isMoved else { throw StoreError.lostRace(id, expected: current, found: job.state) }
        try record(database, .state(next, attempt: job.attempt), of: id, at: time)
    }

    private func insert(_ database: Database, _ artifact: Artifact, of id: JobID) throws {
        try database.execute(
            sql: "INSERT INTO artifacts (job, name, role, digest, size) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                id.description, artifact.name, artifact.role.rawValue, artifact.blob.digest.data,
                Int64(artifact.blob.size),
            ])
    }

    private func set(_ database: Database, _ problem: Problem, of id: JobID) throws {
        try database.execute(
            sql: "UPDATE jobs SET problem = ? WHERE id = ?", arguments: [problem.json.description, id.description])
    }
}
