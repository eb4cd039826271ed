internal import JobStore
internal import Jobs
internal import Logging
internal import Sandbox

extension Supervisor {
    /// Deals with the jobs of a supervisor that stopped: waiting ones go on, broken ones are tried again, sealing ones are
    /// sealed from what is stored. A job of the dead supervisor's died with it, so nothing of it still runs.
    ///
    /// - Returns: false when some of them can't be taken up yet.
    func recover() -> Bool {
        do {
            for job in try installation.jobs.recover().waiting where job.state == .received {
                try installation.jobs.move(job.id, from: .received, to: .queued)
            }
        } catch {
            log.error("unfinished jobs can't be taken up", metadata: ["error": "\(error)"])
            return false
        }
        return takeUp()
    }

    /// Deals with the jobs that no longer run and whose end is not recorded; called only while no job runs.
    ///
    /// - Returns: false when some of them have to wait, for room on the disk or for the signer.
    func takeUp() -> Bool {
        do {
            let unfinished = try installation.jobs.recover()
            for job in unfinished.broken { try retry(job) }
            let runner = JobRunner(installation: installation, log: log)
            return unfinished.sealing.map { runner.resume($0) }.allSatisfy { $0 }
        } catch {
            log.error("unfinished jobs can't be taken up", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func retry(_ job: Job) throws {
        guard job.attempt < Self.maximumAttempts else {
            let problem = Problem(
                "attempts", "The job was cut short too often",
                detail: "the supervisor ended, or could not record an end, \(job.attempt) times while it ran",
                remedy: "ask the operator what the supervisor's log says; then submit again")
            try installation.jobs.finish(job.id, from: job.state, as: .failed(problem), artifacts: [])
            return try installation.work.clear(job.id)
        }
        try installation.jobs.move(job.id, from: job.state, to: .queued)
    }
}
