package import API
internal import AuditLog
internal import JSON
internal import JobStore
internal import Jobs
internal import Logging
internal import Measure

/// What the audit log says of those who ask.
extension Supervisor {
    /// Nothing new is begun while nobody can say what was done.
    func requireTrail() throws(ServiceError) {
        var trouble = installation.trail.trouble
        do throws(TrailError) { try installation.trail.mend() } catch { trouble = error }
        guard let trouble else { return }
        log.error("refused: the audit log takes nothing", metadata: ["error": "\(trouble)"])
        if trouble.isOfSpace { throw .storageFull }
        throw .unavailable(
            "the audit log can't be written",
            remedy: "have the operator look at the service's log: its disk, or its signer")
    }

    package func noteRefusal(_ error: ServiceError) async {
        let problem = error.problem()
        var detail = JSONObject()
        detail["reason"] = .string(problem.type)
        detail["status"] = problem.status.map { .integer(Int64($0)) }
        detail["field"] = problem.field.flatMap { $0.isEmpty ? nil : .string($0) }
        let owner = Caller.current?.owner
        do throws(TrailError) {
            try installation.trail.note(
                .jobRefused, severity: .low, actor: owner ?? "unknown", owner: owner, .object(detail))
        } catch {
            // It was refused all the same; that the log takes nothing is said where jobs are accepted.
            log.error("a refusal is not in the audit log", metadata: ["error": "\(error)"])
        }
    }

    func noteCancel(of job: Job) throws(ServiceError) {
        guard !job.state.isFinal, job.state != .sealing, !job.isCancelAsked else { return }
        try note(.jobCancelAsked, of: job, ["state": .string(job.state.rawValue)])
    }

    func noteInputsDeleted(of job: Job) throws(ServiceError) {
        try note(.jobInputsDeleted, of: job, ["reason": "asked for"])
    }

    /// Before the first byte goes out.
    func noteRead(of artifact: Artifact, _ id: JobID, from offset: UInt64) throws(ServiceError) {
        var detail = JSONObject()
        detail["artifact"] = .string(artifact.name)
        detail["digest"] = .string("sha256:\(artifact.blob.digest)")
        if offset > 0 { detail["offset"] = .integer(Int64(clamping: offset)) }
        let owner: String
        do { owner = try installation.jobs.job(id).owner } catch { throw fault(error) }
        do throws(TrailError) {
            try installation.trail.note(
                .evidenceRead, actor: Caller.current?.owner ?? "supervisor", owner: owner, job: id, .object(detail))
        } catch { throw fault(error) }
    }

    func noteToken(_ token: AccessToken, _ change: String) throws(ServiceError) {
        do throws(TrailError) {
            try installation.trail.note(
                .tokenChanged, severity: token.role == .operator ? .medium : .low,
                actor: Caller.current?.owner ?? "supervisor", owner: token.owner,
                [
                    "token": .string("\(token.id)"), "change": .string(change),
                    "role": .string(token.role.rawValue),
                ])
        } catch { throw fault(error) }
    }

    package func review(through: UInt64, finding: String, by caller: Caller) async throws(ServiceError) -> UInt64 {
        let size = installation.trail.log.published?.checkpoint.size ?? 0
        guard through <= size else {
            throw .invalid(
                Violation(
                    "through", "is more than the log has", limit: .integer(Int64(clamping: size)),
                    remedy: "give how many entries you have seen"))
        }
        do throws(TrailError) {
            return try installation.trail.note(
                .logReviewed, actor: caller.owner,
                ["through": .integer(Int64(clamping: through)), "finding": .string(finding)]
            ).index
        } catch { throw fault(error) }
    }

    package func logFile(_ path: String) async throws(ServiceError) -> [UInt8] {
        do throws(LogError) { return try installation.trail.reader.published(path) } catch {
            if case .missing = error { throw .notFound(kind: "file of the log") }
            throw fault(error)
        }
    }

    private func note(_ event: AuditLog.LogEvent.Kind, of job: Job, _ detail: JSON) throws(ServiceError) {
        do throws(TrailError) {
            try installation.trail.note(
                event, actor: Caller.current?.owner ?? "supervisor", owner: job.owner, job: job.id, detail)
        } catch { throw fault(error) }
    }
}
