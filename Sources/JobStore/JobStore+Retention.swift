internal import GRDB
package import Jobs
package import Measure

extension JobStore {
    /// Writes down that a job's inputs are given up: from here on they are not needed for its sake.
    ///
    /// The row comes first and the files second. A crash in between leaves files that no row needs, which the next sweep takes; the
    /// other order would leave a job that claims inputs which are gone.
    ///
    /// - Throws: `StoreError.notOver` while the job may still need them.
    /// - Returns: the job; its `inputsDeleted` keeps the time of the first call.
    @discardableResult
    package func giveUpInputs(of id: JobID, at time: Instant = .now()) throws(StoreError) -> Job {
        try write("give up inputs") { [self] database in
            let job = try job(database, id)
            guard job.state.isFinal else { throw StoreError.notOver(id, job.state) }
            guard job.inputsDeleted == nil else { return job }
            try database.execute(
                sql: "UPDATE jobs SET inputs_deleted = ? WHERE id = ?", arguments: [time.milliseconds, id.description])
            return try self.job(database, id)
        }
    }

    /// Jobs that ended before `time` and have their inputs still, those that ended first first.
    package func jobsWithInputs(endedBefore time: Instant, limit: Int) throws(StoreError) -> [JobID] {
        try read("list old inputs") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id FROM jobs WHERE ended < ? AND inputs_deleted IS NULL AND ended IS NOT NULL
                    ORDER BY ended LIMIT ?
                    """,
                arguments: [time.milliseconds, limit])
            return try rows.map { try $0.jobID("id") }
        }
    }

    /// Whether any job needs a blob: as an input that was not given up, as evidence, or to be sealed with.
    package func needs(_ digest: Digest) throws(StoreError) -> Bool {
        try read("look who needs a blob") { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM inputs JOIN jobs ON jobs.id = inputs.job
                                   WHERE inputs.digest = ?1 AND jobs.inputs_deleted IS NULL)
                        OR EXISTS (SELECT 1 FROM artifacts WHERE digest = ?1)
                        OR EXISTS (SELECT 1 FROM held_blobs WHERE digest = ?1)
                    """,
                arguments: [digest.data]) ?? true
        }
    }

    /// When the newest job that has ever named a blob as its input was submitted.
    package func lastUse(of digest: Digest) throws(StoreError) -> Instant? {
        try read("look when a blob was used") { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT max(job) AS id FROM inputs WHERE digest = ? HAVING max(job) IS NOT NULL",
                arguments: [digest.data])
            return try row?.jobID("id").time
        }
    }
}
