internal import API
internal import Foundation
internal import JobStore
internal import Jobs
package import Logging
internal import Sandbox
internal import Signing
internal import Synchronization

/// The one place that joins the parts: takes jobs in, runs them one after the other, and shows what came of them.
package final class Supervisor: Sendable {
    /// Attempts of one job, counting those that a supervisor's death cut short.
    static let maximumAttempts = 3
    /// Seconds until a job whose end could not be recorded is taken up again.
    private static let pause = 5.0

    let installation: Installation
    let log: Logger
    let identifiers = JobIDSource()
    private let wake = DispatchSemaphore(value: 0)
    private let running = Mutex<[JobID: Cancellation]>([:])
    private let stopping = Atomic(false)

    /// Opens everything that a supervisor needs; the process must still have one thread.
    package init(_ configuration: Configuration, log: Logger) throws(SupervisorError) {
        installation = try Installation(configuration)
        self.log = log
        log.info("signer is ready", metadata: ["key": "\(installation.signer.publicKey.keyID)"])
    }

    /// Takes up what an earlier supervisor left, then runs queued jobs until `stop`.
    ///
    /// On a thread of its own, which lives as long as any job that it runs: a job dies with the thread that launched it.
    package func start() {
        Thread.detachNewThread {
            var isSettled = self.recover()
            while !self.stopping.load(ordering: .acquiring) {
                isSettled = self.runQueued() && isSettled
                self.prepareNamespaces()
                if isSettled {
                    self.wake.wait()
                } else {
                    _ = self.wake.wait(timeout: .now() + Self.pause)
                    isSettled = self.stopping.load(ordering: .acquiring) || self.takeUp()
                }
            }
        }
    }

    /// Takes no further job from the queue and puts the running one back into it, for the next start; it dies with this process.
    ///
    /// What its thread still wants to record loses the race against this and is dropped: nothing is published.
    package func stop() {
        stopping.store(true, ordering: .releasing)
        for id in running.withLock({ Array($0.keys) }) {
            guard let job = try? installation.jobs.job(id), job.state == .staging || job.state == .running else {
                continue
            }
            _ = try? installation.jobs.postpone(id, from: job.state)
        }
        wake.signal()
    }

    /// Something was queued.
    func ring() { wake.signal() }

    /// Asks a running job to end; false when it does not run.
    func cancelRunning(_ id: JobID) -> Bool {
        running.withLock { running in
            running[id]?.cancel()
            return running[id] != nil
        }
    }

    /// - Returns: false when a job was left as it stands; those behind it wait for the next try, too.
    private func runQueued() -> Bool {
        while !stopping.load(ordering: .acquiring) {
            guard let queued = try? installation.jobs.jobs(in: .queued), let job = queued.first,
                let cancellation = try? Cancellation()
            else { return true }
            running.withLock { $0[job.id] = cancellation }
            let isRecorded = JobRunner(installation: installation, log: log).run(job, cancellation)
            _ = running.withLock { $0.removeValue(forKey: job.id) }
            guard isRecorded else { return false }
        }
        return true
    }

    /// Namespaces and a control group ready for the next launch, made while nobody waits.
    private func prepareNamespaces() {
        do {
            try installation.fillPool()
        } catch {
            log.warning("no namespaces could be made ahead", metadata: ["error": "\(error)"])
        }
    }
}
