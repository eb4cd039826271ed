internal import AuditLog
internal import Foundation
internal import JobStore
internal import Jobs
internal import Logging

/// What becomes of running jobs when the supervisor stops.
package enum StopMode: Sendable, Equatable {
    /// They go back into the queue for the next start, as if they had not been begun, and die with this process.
    case requeue
    /// They are waited for, up to a patience; those that still run then go back into the queue. No further job starts.
    case finish(patience: Duration)
}

extension Supervisor {
    /// Takes no further job from the queue and deals with those that run. Blocks for as long as the mode says and a little more.
    ///
    /// What a job's thread still wants to record loses the race against this and is dropped: nothing is published twice.
    package func stop(_ mode: StopMode = .requeue) {
        floor.close()
        caretaker.stop()
        if case .finish(let patience) = mode {
            let deadline = ContinuousClock.now + patience
            while !floor.running.isEmpty, .now < deadline { Thread.sleep(forTimeInterval: 0.05) }
        }
        // A job that was taken from the queue a moment ago is on its way to staging: wait for it to get there.
        for _ in 0..<100 where postponeRunning() { Thread.sleep(forTimeInterval: 0.02) }
    }

    /// Ends the audit log, when nothing happens any more that it should have; a start without this before it is a crash.
    package func closeLog() {
        watch.stop()
        do {
            try installation.trail.drain()
            try installation.noteStop()
            try installation.trail.log.close()
        } catch {
            log.error("the audit log could not be closed", metadata: ["error": "\(error)"])
        }
    }

    /// - Returns: whether one of them has yet to come to where it can be put back.
    private func postponeRunning() -> Bool {
        var isPending = false
        for id in floor.running {
            guard let job = try? installation.jobs.job(id) else { continue }
            switch job.state {
            case .queued: isPending = isPending || job.times[.staging] == nil
            case .staging, .running:
                // Who was told that the job ends is not to find it running again.
                if job.isCancelAsked {
                    _ = try? installation.jobs.finish(id, from: job.state, as: .cancelled, artifacts: [])
                } else {
                    _ = try? installation.jobs.postpone(id, from: job.state)
                }
            case .received, .sealing, .completed, .failed, .cancelled: break
            }
        }
        return isPending
    }
}
