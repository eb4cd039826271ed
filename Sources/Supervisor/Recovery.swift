internal import JobStore
internal import Jobs
internal import Logging
internal import Sandbox

extension Supervisor {
    /// Deals with the jobs of a supervisor that stopped: waiting ones go on, broken ones are tried again, sealing ones are
    /// sealed from what is stored. A job of the dead supervisor's died with it, so nothing of it still runs.
    func recover() {
        do {
            let unfinished = try installation.jobs.recover()
            for job in unfinished.waiting where job.state == .received {
                try installation.jobs.move(job.id, from: .received, to: .queued)
            }
            for job in unfinished.broken { try retry(job) }
            let runner = JobRunner(installation: installation, log: log)
            for job in unfinished.sealing { runner.resume(job) }
        } catch {
            log.error("unfinished jobs can't be taken up", metadata: ["error": "\(error)"])
        }
    }

    private func retry(_ job: Job) throws {
        guard job.attempt < Self.maximumAttempts else {
            let problem = Problem(
                "attempts", "The job was cut short too often",
                detail: "the supervisor ended \(job.attempt) times while it ran",
                remedy: "ask the operator why the supervisor ends; then submit again")
            try installation.jobs.finish(job.id, from: job.state, as: .failed(problem), artifacts: [])
            return try installation.work.clear(job.id)
        }
        try installation.jobs.move(job.id, from: job.state, to: .queued)
    }
}
