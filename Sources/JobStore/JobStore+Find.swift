internal import GRDB
package import Jobs

/// A job of the queue, as far as the choice of the next one looks at it.
package struct QueuedJob: Sendable, Equatable {
    package let id: JobID
    package let owner: String
    package let priority: Int
    package let resources: Resources

    package init(id: JobID, owner: String, priority: Int, resources: Resources) {
        self.id = id
        self.owner = owner
        self.priority = priority
        self.resources = resources
    }
}

/// The jobs that a supervisor which stopped left unfinished, oldest first.
package struct Unfinished: Sendable, Equatable {
    /// Received by an earlier version, which queued them in a second step: they go on as if nothing had been.
    package let received: [Job]
    /// Staging or running: whatever ran is gone, so each is a new attempt or has failed.
    package let broken: [Job]
    /// Sealing: outputs are stored, so each is sealed again from them.
    package let sealing: [Job]
}

extension JobStore {
    /// - Throws: `StoreError.noSuchJob`.
    package func job(_ id: JobID) throws(StoreError) -> Job {
        try read("find job") { try job($0, id) }
    }

    /// Jobs in any of `states`, oldest first: the queue, for one.
    package func jobs(in states: JobState...) throws(StoreError) -> [Job] {
        try read("list jobs by state") { try jobs($0, in: states) }
    }

    /// The whole queue, oldest first, without what only a job's run needs: read once, when a supervisor starts.
    package func queue() throws(StoreError) -> [QueuedJob] {
        try read("list queue") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, owner, priority, cpu_millicores, memory_bytes, gpus FROM jobs
                    WHERE state = 'queued' ORDER BY id
                    """)
            return try rows.map { row in
                QueuedJob(
                    id: try row.jobID("id"), owner: row["owner"], priority: row["priority"],
                    resources: try row.resources())
            }
        }
    }

    /// What the start of a supervisor has to deal with, in one consistent view.
    package func recover() throws(StoreError) -> Unfinished {
        try read("recover jobs") { database in
            Unfinished(
                received: try jobs(database, in: [.received]),
                broken: try jobs(database, in: [.staging, .running]),
                sealing: try jobs(database, in: [.sealing]))
        }
    }

    /// What a job gave out, by name; empty before its end.
    package func artifacts(of id: JobID) throws(StoreError) -> [Artifact] {
        try read("list artifacts") { database in
            _ = try job(database, id)
            let rows = try Row.fetchAll(
                database, sql: "SELECT name, role, digest, size FROM artifacts WHERE job = ? ORDER BY name",
                arguments: [id.description])
            return try rows.map { try $0.artifact() }
        }
    }

    func job(_ database: Database, _ id: JobID) throws -> Job {
        let key: StatementArguments = [id.description]
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM jobs WHERE id = ?", arguments: key) else {
            throw StoreError.noSuchJob(id)
        }
        let inputs = try Row.fetchAll(database, sql: "SELECT * FROM inputs WHERE job = ?", arguments: key)
        let times = try Row.fetchAll(database, sql: "SELECT state, at FROM times WHERE job = ?", arguments: key)
        return try row.job(id: id, inputs: inputs, times: times)
    }

    private func jobs(_ database: Database, in states: [JobState]) throws -> [Job] {
        let marks = states.map { _ in "?" }.joined(separator: ", ")
        let ids = try String.fetchAll(
            database, sql: "SELECT id FROM jobs WHERE state IN (\(marks)) ORDER BY id",
            arguments: StatementArguments(states.map(\.rawValue)))
        return try jobs(database, ids)
    }

    func jobs(_ database: Database, _ ids: [String]) throws -> [Job] {
        try ids.map { id in
            guard let id = JobID(id) else { throw StoreError.unreadable("jobs.id") }
            return try job(database, id)
        }
    }
}
