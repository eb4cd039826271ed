package import API
internal import AuditLog
internal import CLinux
internal import Catalogue
internal import JobStore
package import Jobs
internal import Keys
internal import Linux
internal import Measure
internal import Policy
internal import Sandbox
internal import Signing

extension Supervisor: JobService {
    package func job(_ id: JobID) async throws(ServiceError) -> Job {
        try asking { () throws(StoreError) in try installation.jobs.job(id) }
    }

    package func jobs(_ filter: JobFilter) async throws(ServiceError) -> [Job] {
        try asking { () throws(StoreError) in try installation.jobs.jobs(filter) }
    }

    package func node() async throws(ServiceError) -> NodeStatus {
        let counts = try asking { () throws(StoreError) in try installation.jobs.tally() }
        return NodeStatus(capacity: floor.capacity, used: floor.used, jobs: counts)
    }

    package func cancel(_ id: JobID) async throws(ServiceError) -> Job {
        try noteCancel(of: try await job(id))
        // A job that moves on between the look and the request is looked at again; no life has more states than this.
        for _ in JobState.allCases {
            do throws(StoreError) {
                if let job = try cancel(try installation.jobs.job(id)) { return job }
                break
            } catch {
                guard case .lostRace = error else { throw serviceError(error) }
            }
        }
        let state = try await job(id).state
        throw .conflict(
            "the job is \(state.isFinal ? state : .sealing) and can't be cancelled", remedy: "fetch what it left")
    }

    /// Ends a job that waits, or asks one that has begun to end.
    ///
    /// - Returns: the job as it is then; nil when its end is no longer anybody's choice.
    /// - Throws: `StoreError.lostRace` when the job has moved on meanwhile.
    private func cancel(_ job: Job) throws(StoreError) -> Job? {
        switch job.state {
        case .received, .queued:
            let ended = try installation.jobs.finish(job.id, from: job.state, as: .cancelled, artifacts: [])
            floor.remove(QueuedJob(job))
            return ended
        case .staging, .running:
            switch floor.cancel(job.id) {
            case .asked:
                // Before the answer: a supervisor that dies then still ends the job.
                try installation.jobs.askCancel(job.id)
                return try installation.jobs.job(job.id)
            case .tooLate: return nil
            case .notRunning:
                // Nothing of it runs: its thread is gone, and its end could not be recorded.
                let ended = try installation.jobs.finish(job.id, from: job.state, as: .cancelled, artifacts: [])
                try? installation.work.clear(job.id)
                return ended
            }
        case .sealing, .completed, .failed, .cancelled: return nil
        }
    }

    package func deleteInputs(of id: JobID) async throws(ServiceError) -> Job {
        let job = try await job(id)
        if job.state.isFinal, job.inputsDeleted == nil { try noteInputsDeleted(of: job) }
        return try asking { () throws(StoreError) in try installation.deleteInputs(of: id) }
    }

    package func events(of id: JobID, after: Int) async throws(ServiceError) -> JobEventStream {
        JobEventStream(try asking { () throws(StoreError) in try installation.jobs.follow(id, after: after) })
    }

    package func log(of id: JobID, from offset: UInt64) async throws(ServiceError) -> ByteStream {
        let artifacts = try await artifacts(of: id)
        guard let stored = artifacts.first(where: { $0.role == .logs }) else {
            let live = try reading { () throws(LinuxError) in try installation.work.openLog(of: id) }
            guard let live else { return ByteStream([]) }
            try reading { () throws(LinuxError) in try live.seek(to: offset) }
            return ByteStream(reading: live)
        }
        let file = try asking { () throws(StoreError) in try installation.blobs.open(stored.blob.digest) }
        try reading { () throws(LinuxError) in try file.seek(to: offset) }
        try noteRead(of: stored, id, from: offset)
        return ByteStream(reading: file)
    }

    package func artifacts(of id: JobID) async throws(ServiceError) -> [Artifact] {
        try asking { () throws(StoreError) in try installation.jobs.artifacts(of: id) }
    }

    package func artifact(
        _ name: String, of id: JobID, from offset: UInt64
    ) async throws(ServiceError) -> ArtifactContent {
        guard let artifact = try await artifacts(of: id).first(where: { $0.name == name }) else {
            throw .notFound(kind: "artifact")
        }
        let file = try asking { () throws(StoreError) in try installation.blobs.open(artifact.blob.digest) }
        if offset > 0 { try reading { () throws(LinuxError) in try file.seek(to: offset) } }
        try noteRead(of: artifact, id, from: offset)
        return ArtifactContent(artifact: artifact, bytes: ByteStream(reading: file))
    }

    package func rootfs() async throws(ServiceError) -> [RootfsDescription] {
        do throws(CatalogueError) { return try installation.library.descriptions() } catch { throw fault(error) }
    }

    package func policies() async throws(ServiceError) -> [PolicySummary] {
        installation.policies.values.sorted { $0.policy.name < $1.policy.name }.map {
            PolicySummary(name: $0.policy.name, summary: $0.policy.summary, digest: $0.digest.hex)
        }
    }

    package func keys() async throws(ServiceError) -> [API.PublicKey] {
        let key = installation.signer.publicKey
        let log = installation.logSigner
        var keys = [
            API.PublicKey(id: key.keyID, use: .documents, algorithm: key.algorithm.name, pem: key.pem),
            API.PublicKey(
                id: log.publicKey.keyID, use: .log, algorithm: log.publicKey.algorithm.name, pem: log.publicKey.pem,
                verifierKey: log.key.description),
        ]
        if let witness = installation.witnessing?.signer {
            keys.append(
                API.PublicKey(
                    id: witness.publicKey.keyID, use: .witness, algorithm: witness.publicKey.algorithm.name,
                    pem: witness.publicKey.pem,
                    verifierKey: witness.key.description))
        }
        return keys
    }

    package func keyHistory() async throws(ServiceError) -> [UInt8] { installation.keyHistory }

    package func freeBytes() async throws(ServiceError) -> UInt64 {
        try asking { () throws(StoreError) in try installation.blobs.freeBytes() }
    }

    package func requireReady() async throws(ServiceError) {
        guard try await !rootfs().isEmpty else {
            throw .unavailable("no rootfs is built on this host", remedy: "build one: aibom rootfs build keras")
        }
    }

    /// Runs `body` on the store, with its error in the service's words.
    private func asking<Answer>(_ body: () throws(StoreError) -> Answer) throws(ServiceError) -> Answer {
        do throws(StoreError) { return try body() } catch { throw serviceError(error) }
    }

    private func asking(
        _ body: () throws(StoreError) -> OwnedDescriptor
    ) throws(ServiceError) -> OwnedDescriptor {
        do throws(StoreError) { return try body() } catch { throw serviceError(error) }
    }

    private func reading<Answer: ~Copyable>(
        _ body: () throws(LinuxError) -> Answer
    ) throws(ServiceError) -> Answer {
        do throws(LinuxError) { return try body() } catch { throw fault(error) }
    }
}
