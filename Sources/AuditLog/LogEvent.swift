/// What an entry records. The names are a contract: readers filter by them.
package enum LogEvent: Sendable, Hashable, CustomStringConvertible {
    /// An event of the version that this code writes.
    case known(Kind)
    /// An event that a newer minor version added: shown, and not understood.
    case other(ExactText)

    package enum Kind: String, Sendable, CaseIterable {
        case jobSubmitted = "job.submitted"
        case jobRefused = "job.refused"
        case jobCancelAsked = "job.cancel_asked"
        case jobState = "job.state"
        case jobDeniedCalls = "job.denied_calls"
        case jobLimit = "job.limit"
        case jobSealed = "job.sealed"
        case jobInputsDeleted = "job.inputs_deleted"
        case evidenceRead = "evidence.read"
        case keyChanged = "key.changed"
        case tokenChanged = "token.changed"
        case policyChanged = "policy.changed"
        case rootfsChanged = "rootfs.changed"
        case configurationChanged = "configuration.changed"
        case supervisorStarted = "supervisor.started"
        case supervisorStopped = "supervisor.stopped"
        case clockStepped = "clock.stepped"
        case logReviewed = "log.reviewed"
    }

    package var description: String {
        switch self {
        case .known(let kind): kind.rawValue
        case .other(let name): name.description
        }
    }
}

/// How much an event wants to be looked at; the five of OCSF (`severity_id` 1 to 5), so that a SIEM takes them as they are.
package enum Severity: String, Sendable, CaseIterable, Comparable {
    case informational, low, medium, high, critical

    package static func < (left: Severity, right: Severity) -> Bool { left.number < right.number }

    /// OCSF's `severity_id`.
    package var number: Int {
        switch self {
        case .informational: 1
        case .low: 2
        case .medium: 3
        case .high: 4
        case .critical: 5
        }
    }
}
