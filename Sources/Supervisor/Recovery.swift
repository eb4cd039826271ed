internal import JobStore
internal import Jobs
internal import Logging
internal import Sandbox

extension Supervisor {
    /// Deals with the jobs of a supervisor that stopped: waiting ones go on, broken ones are tried again. A job of the dead
    /// supervisor's died with it, so nothing of it still runs.
    func recover() {
        do {
            let unfinished = try installation.jobs.recover()
            for job in unfinished.waiting where job.state == .received {
                try installation.jobs.move(job.id, from: .received, to: .queued)
            }
            for job in unfinished.broken { try retry(job) }
        } catch {
            log.error("unfinished jobs can't be taken up", metadata: ["error": "\(error)"])
        }
    }

    /// Finishes every seal that was begun. Only the thread that runs jobs seals, so none of them is under way.
    func finishSeals() {
        guard let sealing = try? installation.jobs.jobs(in: .sealing) else { return }
        for job in sealing { runner.resume(job) }
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
