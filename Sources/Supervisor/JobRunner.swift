internal import API
internal import Attest
internal import Catalogue
internal import JobStore
internal import Jobs
internal import Linux
internal import Logging
internal import Measure
internal import Policy
internal import Sandbox

/// Takes one job from the queue to its end, on the thread that calls it. The stages, in order, are `run`'s lines.
struct JobRunner {
    let installation: Installation
    let floor: Floor
    let log: Logger

    init(_ installation: Installation, _ floor: Floor, _ log: Logger) {
        self.installation = installation
        self.floor = floor
        self.log = log
    }

    /// Runs a queued job. A failure of the job's is its outcome.
    ///
    /// - Returns: false when the outcome could not be recorded, as on a full disk: the supervisor takes the job up later,
    ///   where it stands.
    func run(_ run: Floor.Run) -> Bool {
        do {
            let job = try installation.jobs.move(run.job.id, from: .queued, to: .staging)
            CrashPoint.pass(.jobStaging)
            guard let staged = try stage(job, run.share) else { return true }
            try installation.noteRootfs(staged.mounted.image.manifest)
            guard !run.cancellation.isRequested else {
                try installation.jobs.finish(job.id, from: .staging, as: .cancelled, artifacts: [])
                return true
            }
            try installation.jobs.move(job.id, from: .staging, to: .running)
            CrashPoint.pass(.jobRunning)
            try attempt(staged, run.cancellation)
        } catch StoreError.lostRace(let id, _, let found) {
            log.info("job was moved by somebody else", metadata: ["job": "\(id)", "state": "\(found)"])
        } catch {
            log.error("job is left as it stands", metadata: ["job": "\(run.job.id)", "error": "\(error)"])
            return false
        }
        return true
    }

    /// Ends a job whose seal was begun.
    ///
    /// - Returns: false when it can't be ended yet.
    func resume(_ job: Job) -> Bool {
        do {
            try publish(job, try installation.resumeSeal(of: job.id))
            return true
        } catch SealError.lost {
            return giveUp(sealing: job)
        } catch {
            log.error("job can't be sealed yet", metadata: ["job": "\(job.id)", "error": "\(error)"])
            return false
        }
    }

    /// Ends a job whose begun seal can't be read any more: nothing that comes later could complete it.
    private func giveUp(sealing job: Job) -> Bool {
        let problem = Problem(
            "seal-lost", "The job's evidence can't be completed", detail: "the record of its seal is damaged",
            remedy: "tell the operator: the state folder loses data; then submit again")
        do { try fail(job, at: .seal, problem) } catch {
            log.error("job can't be ended yet", metadata: ["job": "\(job.id)", "error": "\(error)"])
            return false
        }
        return true
    }

    /// Ends a job of which nothing ran, or nothing is left, with a signed record of that.
    ///
    /// - Parameters:
    ///   - job: in a state that it can fail in.
    ///   - stage: how far it came.
    ///   - problem: why it failed.
    /// - Throws: why the record can't be made or shown; the job is taken up later, where it stands.
    func fail(_ job: Job, at stage: JobFacts.Stage, _ problem: Problem) throws {
        let seal = try installation.beginFailure(of: job, at: stage, problem)
        CrashPoint.pass(.sealSaved)
        let held = seal.blobs.map(\.digest)
        if job.state == .sealing {
            try installation.jobs.hold(held, of: job.id)
        } else {
            try installation.jobs.move(job.id, from: job.state, to: .sealing, holding: held)
        }
        CrashPoint.pass(.jobSealing)
        try publish(job, seal)
    }

    private func stage(_ job: Job, _ share: Admission.Share) throws -> StagedJob? {
        do throws(JobFailure) {
            return try installation.stage(job, gpus: share.gpus.map { GPUNodes.all[$0] })
        } catch {
            log.error("job can't be staged", metadata: ["job": "\(job.id)", "problem": "\(error.problem.detail)"])
            try fail(job, at: .stage, error.problem)
            return nil
        }
    }

    private func attempt(_ staged: StagedJob, _ cancellation: Cancellation) throws {
        let witness = JobWitness(
            installation.jobs, staged.job.id, limits: staged.policy.policy.limits,
            metrics: installation.metrics)
        let capture = try installation.work.createLog(of: staged.job.id)
        let run = JobRun(witness: witness, logFile: capture, logLimit: staged.policy.policy.limits.logBytes)
        let started = Instant.now()
        let (outcome, artifacts, failure) = execute(staged, run, cancellation)
        let stored = try installation.blobs.ingest(from: try run.finishLog(), limit: .max)
        CrashPoint.pass(.logStored)
        try installation.trail.note(staged.job, outcome, failure, run)
        let logs = Artifact(name: "logs.txt", role: .logs, blob: stored)
        // Who was told that the job ends is not to find it completed.
        guard floor.beginSealing(staged.job.id) else {
            try installation.jobs.finish(staged.job.id, from: .running, as: .cancelled, artifacts: [logs])
            return try installation.work.clear(staged.job.id)
        }
        let record = RunRecord(
            started: started, finished: run.finished ?? .now(), outcome: outcome, tape: run.tapeDigest,
            reported: witness.reported,
            logIsTruncated: run.logIsTruncated, reportIsTruncated: witness.isTruncated)
        let facts = installation.facts(staged, record, artifacts + [logs], failure: failure?.problem)
        let seal = try installation.beginSeal(
            of: staged.job.id, facts, artifacts + [logs], failure: failure?.problem)
        CrashPoint.pass(.sealSaved)
        try installation.jobs.move(staged.job.id, from: .running, to: .sealing, holding: seal.blobs.map(\.digest))
        CrashPoint.pass(.jobSealing)
        try publish(staged.job, seal, since: run.ended)
    }

    /// Runs the job and stores what it left; nothing of a job that failed is stored but its log.
    private func execute(
        _ staged: StagedJob, _ run: JobRun, _ cancellation: Cancellation
    ) -> (RunOutcome?, [Artifact], JobFailure?) {
        let sandbox = Sandbox(
            workplace: installation.workplace, rootfs: staged.mounted.rootfs, policy: staged.policy,
            pool: installation.pool)
        let finished: FinishedJob
        do throws(SandboxError) {
            finished = try sandbox.run(
                staged.program, inputs: staged.inputs, streams: run.streams, cancellation: cancellation)
        } catch {
            return (nil, [], .host("The job could not be confined and did not run", error))
        }
        run.end(finished.tape)
        CrashPoint.pass(.jobEnded)
        let outcome = finished.outcome
        if let failure = JobFailure(outcome, run.witness.fault) { return (outcome, [], failure) }
        do throws(JobFailure) {
            let artifacts = try installation.collect(finished.output, staged.mounted.image.manifest.outputs)
            CrashPoint.pass(.outputsCollected)
            return (outcome, artifacts, nil)
        } catch {
            return (outcome, [], error)
        }
    }

    /// Signs, enters the seal in the audit log, and then shows everything at once: state, artifacts, AIBoM, signature and proof in one
    /// transaction.
    private func publish(_ job: Job, _ begun: PendingSeal, since ended: Int64? = nil) throws {
        let id = job.id
        let seal = try installation.sign(begun, of: id)
        CrashPoint.pass(.signed)
        if let ended {
            let spent = Double(Clock.microseconds() - ended) / 1000
            try installation.jobs.report(.note("AIBoM signed \(spent) ms after the last process ended"), of: id)
        }
        let artifacts = try installation.enter(seal, of: job, isResumed: begun.isSigned)
        CrashPoint.pass(.sealLogged)
        let conclusion: Conclusion = begun.failure.map { .failed($0) } ?? .completed
        try installation.jobs.finish(id, from: .sealing, as: conclusion, artifacts: artifacts)
        try installation.work.clear(id)
    }
}
