package import API
internal import Foundation
internal import JobStore
internal import Jobs
internal import Keys
package import Logging
internal import Sandbox
internal import Signing

/// The one place that joins the parts: takes jobs in, runs those that fit side by side, and shows what came of them.
package final class Supervisor: Sendable {
    /// Seconds until jobs whose end could not be recorded are taken up again.
    private static let pause = 5.0

    let installation: Installation
    let log: Logger
    let identifiers = JobIDSource()
    let floor: Floor
    let caretaker: Caretaker
    let watch: TrailWatch
    private let settings: [String: String]
    package var metrics: ServiceMetrics { installation.metrics }
    /// Of the thread that starts jobs.
    let pulse = Pulse()

    /// Opens everything that a supervisor needs; the process must still have one thread.
    package init(_ configuration: Configuration, log: Logger) throws(SupervisorError) {
        installation = try Installation(configuration)
        var capacity = configuration.capacity ?? .host
        capacity.gpus = min(capacity.gpus, UInt64(GPUNodes.all.count))
        floor = Floor(capacity: capacity, patience: Int64(configuration.passedOverSeconds) * 1000)
        caretaker = Caretaker(installation, retentionDays: configuration.retentionDays, log: log)
        watch = TrailWatch(installation.trail, log: log)
        settings = configuration.settings
        self.log = log
        log.info("signer is ready", metadata: ["key": "\(installation.signer.publicKey.keyID)"])
        do throws(TrailError) { try installation.noteStart(settings) } catch { throw .trail("\(error)") }
    }

    /// Takes up what an earlier supervisor left, then runs queued jobs until `stop`.
    package func start() {
        Thread.detachNewThread { self.schedule() }
        caretaker.start()
        watch.start()
    }

    /// Starts what fits whenever something has changed.
    private func schedule() {
        var due: Date? = pulse.duringLongWork(recover) ? nil : Date(timeIntervalSinceNow: Self.pause)
        while !floor.isStopping {
            pulse.beat()
            if floor.takeUnsettled(), due == nil { due = Date(timeIntervalSinceNow: Self.pause) }
            if let moment = due, moment.timeIntervalSinceNow <= 0 {
                due = pulse.duringLongWork(takeUp) ? nil : Date(timeIntervalSinceNow: Self.pause)
            }
            startWhatFits()
            prepareNamespaces()
            floor.wait(due.map { max(0, $0.timeIntervalSinceNow) })
        }
    }

    /// Each job on a thread of its own, which lives as long as the job: a job dies with the thread that launched it.
    private func startWhatFits() {
        while let cancellation = try? Cancellation(),
            let run = floor.takeNext(cancellation, at: Clock.microseconds() / 1000)
        {
            Thread.detachNewThread {
                let isSettled = JobRunner(self.installation, self.floor, self.log).run(run)
                self.floor.leave(run.job.id, isSettled: isSettled)
            }
        }
    }

    /// Something was queued.
    func enqueue(_ job: Job) { floor.add([QueuedJob(job)]) }

    /// Namespaces and a control group ready for the next launch, made while the scheduler has nothing else to do.
    private func prepareNamespaces() {
        do {
            try installation.fillPool()
        } catch {
            log.warning("no namespaces could be made ahead", metadata: ["error": "\(error)"])
        }
    }
}

extension QueuedJob {
    init(_ job: Job) {
        self.init(id: job.id, owner: job.owner, priority: job.priority, resources: job.resources)
    }
}
