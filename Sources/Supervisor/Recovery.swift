internal import Attest
internal import JobStore
internal import Jobs
internal import Linux
internal import Logging

extension Supervisor {
    /// Deals with the jobs of a supervisor that stopped: waiting ones go on, broken ones are tried again, sealing ones are
    /// sealed from what is stored. A job of the dead supervisor's died with it, so nothing of it still runs.
    ///
    /// - Returns: false when some of them can't be taken up yet.
    func recover() -> Bool {
        do {
            for job in try installation.jobs.recover().received {
                try installation.jobs.move(job.id, from: .received, to: .queued)
            }
            try installation.clearWork()
        } catch {
            log.error("unfinished jobs can't be taken up", metadata: ["error": "\(error)"])
            return false
        }
        return takeUp()
    }

    /// Deals with the jobs that no longer run and whose end is not recorded, and with those that wait in the store alone: their move
    /// to staging could not be recorded. Called by the thread that starts jobs, so none begins meanwhile.
    ///
    /// - Returns: false when some of them have to wait, for room on the disk or for the signer.
    func takeUp() -> Bool {
        // Asked for first: a job that ends between this and the look into the store has recorded its end itself, or will be seen here
        // the next time.
        let running = floor.running
        do {
            floor.add(try installation.jobs.queue().filter { !running.contains($0.id) && fits($0) })
            let unfinished = try installation.jobs.recover()
            for job in unfinished.broken where !running.contains(job.id) { try retry(job) }
            let runner = JobRunner(installation, floor, log)
            return unfinished.sealing.filter { !running.contains($0.id) }.map { runner.resume($0) }.allSatisfy { $0 }
        } catch {
            log.error("unfinished jobs can't be taken up", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func retry(_ job: Job) throws {
        if job.isCancelAsked {
            try installation.jobs.finish(job.id, from: job.state, as: .cancelled, artifacts: [])
            return try installation.work.clear(job.id)
        }
        guard job.attempt < job.maxAttempts else {
            let times = job.attempt == 1 ? "once" : "\(job.attempt) times"
            let problem = Problem(
                "attempts", "The job was cut short too often",
                detail: "the supervisor ended, or could not record an end, \(times) while it ran",
                remedy: "ask the operator what the supervisor's log says; then submit again")
            return try JobRunner(installation, floor, log).fail(job, at: job.state == .running ? .run : .stage, problem)
        }
        let next = try installation.jobs.move(job.id, from: job.state, to: .queued)
        CrashPoint.pass(.jobRequeued)
        if fits(QueuedJob(next)) { enqueue(next) }
    }

    /// Whether a job can ever be started here; one that can't, because the host or its setting has less than when the job was
    /// accepted, fails: nobody must wait for ever.
    private func fits(_ job: QueuedJob) -> Bool {
        let capacity = floor.capacity
        guard !job.resources.fits(in: capacity) else { return true }
        let problem = Problem(
            "resources", "The job asks for more than this host has",
            detail: "the host has less for jobs than when it was submitted",
            field: "resources", limit: capacity.json, remedy: "submit it again and ask for less")
        do {
            try JobRunner(installation, floor, log).fail(try installation.jobs.job(job.id), at: .queue, problem)
        } catch {
            log.error("a job that can't fit can't be ended", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
        return false
    }
}

extension Installation {
    /// Takes away work files of jobs that are over: their supervisor died between the end and the clearing.
    fileprivate func clearWork() throws {
        for id in try work.jobs() {
            let state: JobState?
            do throws(StoreError) {
                state = try jobs.job(id).state
            } catch {
                guard case .noSuchJob = error else { throw error }
                state = nil
            }
            if state?.isFinal != false { try work.clear(id) }
        }
    }
}
