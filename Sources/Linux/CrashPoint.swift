internal import Glibc
internal import Synchronization

/// The durable steps of a job's life, by name, at which a test can have the process die as by `kill -9`.
///
/// In a debug build, `AIBOM_CRASH_AT=name` kills the process when it first passes the step, `name:3` when it passes it for the third
/// time. In a release build nothing of this is there.
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
    /// Moves are in the audit log; the store still says that they are not.
    case movesLogged = "moves-logged"
    /// A seal is in the audit log, and nothing of it is published.
    case sealLogged = "seal-logged"
    /// The job says that its inputs are gone; they are there still.
    case inputsGivenUp = "inputs-given-up"
    case blobRemoved = "blob-removed"

    /// Reads the plan; called at the start of a process, so that who misspelt a step learns it there.
    ///
    /// - Throws: `UnknownCrashPoint`: the process would never die as planned, and who waits for that would not know why.
    package static func arm() throws(UnknownCrashPoint) {
        #if DEBUG
            _ = try plan.get()
        #endif
    }

    /// The process has come to this step.
    @inline(__always)
    package static func pass(_ point: CrashPoint) {
        #if DEBUG
            if case .success(let plan?) = plan, plan.point == point, plan.isDue() { die() }
        #endif
    }

    #if DEBUG
        private static let plan = Plan.read(getenv("AIBOM_CRASH_AT").map { String(cString: $0) } ?? "")

        /// SIGKILL, as the kernel's memory killer has it: no handler, no flush, no deinit.
        private static func die() -> Never {
            kill(getpid(), SIGKILL)
            while true { pause() }
        }

        private final class Plan: Sendable {
            let point: CrashPoint
            private let left: Atomic<Int>

            private init(_ point: CrashPoint, _ count: Int) {
                self.point = point
                left = Atomic(count)
            }

            /// - Returns: nil when nothing is planned.
            static func read(_ text: String) -> Result<Plan?, UnknownCrashPoint> {
                guard !text.isEmpty else { return .success(nil) }
                let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                guard let point = CrashPoint(rawValue: String(parts[0])),
                    let count = parts.count == 1 ? 1 : Int(parts[1]), count > 0
                else { return .failure(UnknownCrashPoint(text: text)) }
                return .success(Plan(point, count))
            }

            func isDue() -> Bool { left.subtract(1, ordering: .relaxed).newValue == 0 }
        }
    #endif
}

/// A plan that names no step.
package struct UnknownCrashPoint: Error, CustomStringConvertible {
    fileprivate let text: String

    package var description: String {
        let known = CrashPoint.allCases.map(\.rawValue).joined(separator: ", ")
        return "AIBOM_CRASH_AT=\(text): names no step; use NAME or NAME:COUNT with one of \(known)"
    }
}
