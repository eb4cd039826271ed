internal import Glibc
internal import Synchronization

/// The durable steps of a job's life, by name, at which a test can have the process die as by `kill -9`.
///
/// In a debug build, `AIBOM_CRASH_AT=name` kills the process when it first passes the step, `name:3` when it passes it for the third
/// time. In a release build `pass` is nothing.
package enum CrashPoint: String, CaseIterable, Sendable {
    /// All of an upload's bytes are written to a file that has no name yet.
    case uploadWritten = "upload-written"
    /// The blob has its name, durably; its sender doesn't know yet.
    case uploadLinked = "upload-linked"
    /// The job, its inputs and its key are committed as queued; its sender doesn't know yet.
    case jobAccepted = "job-accepted"
    case jobStaging = "job-staging"
    case jobRunning = "job-running"
    /// The job's program runs.
    case jobLaunched = "job-launched"
    /// Every process of the job is dead; nothing is stored.
    case jobEnded = "job-ended"
    case outputsCollected = "outputs-collected"
    case logStored = "log-stored"
    /// The document is composed and the record of what is left to do is written; the job still says `running`.
    case sealSaved = "seal-saved"
    case jobSealing = "job-sealing"
    /// The signature is stored; nothing is published.
    case signed
    /// State and artifacts are committed; the job's work files are still there.
    case jobFinished = "job-finished"
    case workCleared = "work-cleared"
    case cancelRecorded = "cancel-recorded"
    case jobRequeued = "job-requeued"
    /// The job says that its inputs are gone; they are there still.
    case inputsGivenUp = "inputs-given-up"
    case blobRemoved = "blob-removed"

    /// The process has come to this step.
    @inline(__always)
    package static func pass(_ point: CrashPoint) {
        #if DEBUG
            if let plan, plan.point == point, plan.isDue() { die() }
        #endif
    }

    #if DEBUG
        private static let plan = Plan(getenv("AIBOM_CRASH_AT").map { String(cString: $0) })

        /// SIGKILL, as the kernel's memory killer has it: no handler, no flush, no deinit.
        private static func die() -> Never {
            kill(getpid(), SIGKILL)
            while true { pause() }
        }

        private final class Plan: Sendable {
            let point: CrashPoint
            private let left: Atomic<Int>

            init?(_ text: String?) {
                guard let text, !text.isEmpty else { return nil }
                let parts = text.split(separator: ":", maxSplits: 1)
                // A crash test whose point is misspelt would never crash and always pass.
                guard let name = parts.first, let point = CrashPoint(rawValue: String(name)),
                    let count = parts.count == 1 ? 1 : Int(parts[1]), count > 0
                else {
                    fatalError("AIBOM_CRASH_AT=\(text) names no step; known: \(CrashPoint.allCases.map(\.rawValue))")
                }
                self.point = point
                left = Atomic(count)
            }

            func isDue() -> Bool { left.subtract(1, ordering: .relaxed).newValue == 0 }
        }
    #endif
}
