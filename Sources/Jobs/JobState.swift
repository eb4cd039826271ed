/// Where a job is in its life.
package enum JobState: String, Sendable, CaseIterable, Codable {
    case received, queued, staging, running, sealing
    case completed, failed, cancelled

    /// No way leads out of a final state.
    package var isFinal: Bool {
        switch self {
        case .completed, .failed, .cancelled: true
        case .received, .queued, .staging, .running, .sealing: false
        }
    }

    /// The whole table of a job's moves; the store makes no other.
    ///
    /// Staging and running lead back to queued: that is a new attempt after a supervisor died, of a job that has one left. Sealing does not: its
    /// outputs are stored, so it is done again from them. Sealing can't be cancelled either, because from there on evidence
    /// may be in the log, and evidence of a job that "never was" is worse than a job too many. And a job fails by way of sealing alone: whatever
    /// it failed of, what is left of it is a signed record.
    package func canBecome(_ next: JobState) -> Bool {
        switch self {
        case .received: [.queued, .cancelled].contains(next)
        case .queued: [.staging, .sealing, .cancelled].contains(next)
        case .staging: [.running, .queued, .sealing, .cancelled].contains(next)
        case .running: [.sealing, .queued, .cancelled].contains(next)
        case .sealing: [.completed, .failed].contains(next)
        case .completed, .failed, .cancelled: false
        }
    }

    /// Whether the move begins another attempt.
    package func isRetry(to next: JobState) -> Bool { next == .queued && self != .received }
}
