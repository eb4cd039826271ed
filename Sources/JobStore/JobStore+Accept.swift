internal import GRDB
internal import JSON
package import Jobs
internal import Linux
package import Measure

/// Whether a submission made a job or named one that was made before.
package enum Acceptance: Sendable, Equatable {
    case accepted(Job)
    case repeated(Job)

    package var job: Job {
        switch self {
        case .accepted(let job), .repeated(let job): job
        }
    }
}

extension JobStore {
    /// Records a job as received and queued, with its inputs and its key, in one transaction: after it the job can't be lost, and a
    /// second request with the key can't make a second job.
    ///
    /// Callers that come at the same time share the transaction; one that fails fails alone.
    ///
    /// The blobs must be stored before: a job in here is one that can be staged.
    ///
    /// - Throws: `StoreError.keyReused` when the owner's key came with another request.
    @discardableResult
    package func accept(
        _ new: NewJob, key: IdempotencyKey? = nil, at time: Instant = .now()
    ) throws(StoreError) -> Acceptance {
        let acceptance = try write("accept job") { [self] database in
            if let key, let earlier = try earlierJob(database, owner: new.owner, key: key) {
                return Acceptance.repeated(earlier)
            }
            try insert(database, new)
            try insertInputs(database, new)
            try remember(database, key, for: new)
            try begin(database, new.id, at: time)
            return .accepted(new.queued(at: time))
        }
        CrashPoint.pass(.jobAccepted)
        bell.ring(acceptance.job.id)
        return acceptance
    }

    /// The job that an owner's key made; nil when the key is new.
    ///
    /// - Throws: `StoreError.keyReused` when it came with another request.
    package func job(madeBy key: IdempotencyKey, of owner: String) throws(StoreError) -> Job? {
        try read("find idempotency key") { try earlierJob($0, owner: owner, key: key) }
    }

    private func earlierJob(_ database: Database, owner: String, key: IdempotencyKey) throws -> Job? {
        let row = try Row.fetchOne(
            database, sql: "SELECT request, job FROM idempotency_keys WHERE owner = ? AND key = ?",
            arguments: [owner, key.text])
        guard let row else { return nil }
        let id: JobID = try row.jobID("job")
        guard try row.digest("request") == key.request else { throw StoreError.keyReused(id) }
        return try job(database, id)
    }

    private func insert(_ database: Database, _ new: NewJob) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO jobs (
                    id, owner, state, rootfs, policy, attempt, parameters, metadata, priority, max_attempts,
                    cpu_millicores, memory_bytes, gpus, traceparent)
                VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                new.id.description, new.owner, JobState.queued.rawValue, new.rootfs, new.policy,
                new.parameters.json.description, new.metadata.json.description, new.priority, new.maxAttempts,
                Int64(clamping: new.resources.cpuMillicores), Int64(clamping: new.resources.memoryBytes),
                Int64(clamping: new.resources.gpus), new.traceparent,
            ])
    }

    /// The first two events of a job and their times, of which there are none yet.
    private func begin(_ database: Database, _ id: JobID, at time: Instant) throws {
        let job = id.description
        for (index, state) in [JobState.received, .queued].enumerated() {
            let kind = JobEvent.Kind.state(state, attempt: 1)
            try database.cachedStatement(sql: "INSERT INTO events VALUES (?, ?, ?, ?, ?)").execute(
                arguments: [job, index + 1, time.milliseconds, kind.name, kind.payload.description])
            try database.cachedStatement(sql: "INSERT INTO times VALUES (?, ?, ?)").execute(
                arguments: [job, state.rawValue, time.milliseconds])
        }
    }

    private func insertInputs(_ database: Database, _ new: NewJob) throws {
        for stored in new.inputs {
            try database.cachedStatement(
                sql: "INSERT INTO inputs (job, role, file_name, digest, size) VALUES (?, ?, ?, ?, ?)"
            ).execute(
                arguments: [
                    new.id.description, stored.input.role.rawValue, stored.input.fileName.text,
                    stored.input.digest.data,
                    Int64(stored.size),
                ])
        }
    }

    private func remember(_ database: Database, _ key: IdempotencyKey?, for new: NewJob) throws {
        guard let key else { return }
        try database.execute(
            sql: "INSERT INTO idempotency_keys (owner, key, request, job) VALUES (?, ?, ?, ?)",
            arguments: [new.owner, key.text, key.request.data, new.id.description])
    }
}
