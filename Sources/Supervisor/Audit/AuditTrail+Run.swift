internal import AuditLog
internal import Isolation
internal import JSON
internal import Jobs
internal import Linux
internal import Sandbox

extension AuditTrail {
    /// Enters what an attempt tried that it was not allowed, and which limits it reached. This is known here only, and an attempt that is
    /// told of was an attempt, whatever becomes of the job: so it is entered first.
    func note(_ job: Job, _ outcome: RunOutcome?, _ failure: JobFailure?, _ run: JobRun) throws(TrailError) {
        let limits = Self.limits(outcome, failure, run)
        let denied = outcome?.denied.counts ?? [:]
        guard !limits.isEmpty || !denied.isEmpty else { return }
        try drain()
        let attempt = JSON.integer(Int64(job.attempt))
        if !denied.isEmpty {
            var calls = JSONObject()
            for (name, count) in denied.sorted(by: { $0.key < $1.key }) {
                calls[name] = .integer(Int64(clamping: count))
            }
            try note(
                .jobDeniedCalls, severity: .medium, owner: job.owner, job: job.id,
                ["attempt": attempt, "calls": .object(calls)])
        }
        for limit in limits {
            try note(
                .jobLimit, severity: .low, owner: job.owner, job: job.id,
                ["attempt": attempt, "limit": .string(limit)])
        }
    }

    /// The limits by name.
    static func limits(_ outcome: RunOutcome?, _ failure: JobFailure?, _ run: JobRun) -> [String] {
        var limits: [String] = []
        if outcome?.ranOutOfMemory == true { limits.append("memory") }
        if case .timedOut = outcome?.cause { limits.append("time") }
        if let forks = outcome?.usage.refusedForks, forks > 0 { limits.append("processes") }
        if run.logIsTruncated { limits.append("log") }
        if run.witness.isTruncated { limits.append("report") }
        return limits
    }
}
