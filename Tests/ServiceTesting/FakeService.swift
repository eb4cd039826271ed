package import API
internal import JSON
package import Jobs
package import Measure
internal import NIOCore
package import Synchronization

/// A service that keeps everything in memory and says what it is told to say.
package final class FakeService: JobService {
    package struct State {
        package var blobs: [Digest: [UInt8]] = [:]
        package var jobs: [Job] = []
        var keys: [String: (digest: Digest, job: JobID)] = [:]
        var failure: ServiceError?
        /// What an artifact is said to be and what is sent for it.
        package var artifacts: [(artifact: Artifact, bytes: [UInt8])] = [
            (FakeService.metrics, FakeService.metricsBytes)
        ]
        package var log = Array("epoch 1\nepoch 2\n".utf8)
        /// Event streams that were begun.
        package var streams = 0
        package var tokens: [Digest: AccessToken] = [:]
        /// Tokens that nobody can find and revoke.
        package var unlisted: [Digest: AccessToken] = [:]
        /// Answered to an upload instead of the blob's own digest.
        package var storedInstead: Blob?
        /// What was refused, in order.
        package var refusals: [ServiceError] = []
        /// The audit log's files by path.
        package var logFiles: [String: [UInt8]] = ["checkpoint": Array("fake.example/log\n0\n".utf8)]
        package var reviews: [String] = []
        /// The log's key; without it there is none to show.
        package var logKey: String?
    }

    package static let uploadLimit: UInt64 = 1 << 20

    package let state = Mutex(State())
    package let metrics = ServiceMetrics()
    private let events: [JobEvent.Kind]
    private let endless: Bool
    private let ids = JobIDSource()

    package init(events: [JobEvent.Kind] = [], endless: Bool = false) {
        self.events = events
        self.endless = endless
    }

    package func fail(with error: ServiceError) { state.withLock { $0.failure = error } }

    /// Puts a job into the state that its events end with.
    private func end(_ id: JobID, in last: JobState, attempt: Int) {
        state.withLock { state in
            guard let index = state.jobs.firstIndex(where: { $0.id == id }) else { return }
            let job = state.jobs[index]
            let problem = Problem("job-failed", "The job failed", detail: "exit status 1", remedy: "read its logs")
            state.jobs[index] = Job(
                id: id, owner: job.owner, state: last, rootfs: job.rootfs, policy: job.policy, attempt: attempt,
                inputs: job.inputs, parameters: job.parameters, metadata: job.metadata,
                problem: last == .failed ? problem : nil, times: job.times)
        }
    }

    private func checkFailure() throws(ServiceError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    package func upload(_ bytes: ByteStream) async throws(ServiceError) -> Blob {
        try checkFailure()
        var all: [UInt8] = []
        do {
            for try await piece in bytes {
                all += piece.readableBytesView
                guard all.count <= Int(FakeService.uploadLimit) else {
                    throw ServiceError.tooLarge(limit: FakeService.uploadLimit)
                }
            }
        } catch let error as ServiceError { throw error } catch { throw .fault }
        let blob = Blob(digest: Digest.of(all), size: UInt64(all.count))
        return state.withLock { state in
            state.blobs[blob.digest] = all
            return state.storedInstead ?? blob
        }
    }

    package func submit(_ request: JobRequest, owner: String, key: String?) async throws(ServiceError) -> Job {
        try checkFailure()
        let id = ids.next()
        let job = Job(
            id: id, owner: owner, state: .queued, rootfs: request.rootfs, policy: request.policy,
            inputs: request.inputs.map { StoredInput($0, size: 1) }, parameters: [], metadata: request.metadata,
            times: [.received: Instant(milliseconds: 1), .queued: Instant(milliseconds: 2)], priority: request.priority,
            maxAttempts: request.maxAttempts, traceparent: TraceContext.current?.description)
        let answer: Result<Job, ServiceError> = state.withLock { state in
            if let key {
                if let earlier = state.keys["\(owner) \(key)"] {
                    guard earlier.digest == request.digest, let job = state.jobs.first(where: { $0.id == earlier.job })
                    else { return .failure(.keyReused(earlier.job)) }
                    return .success(job)
                }
                state.keys["\(owner) \(key)"] = (request.digest, id)
            }
            state.jobs.append(job)
            return .success(job)
        }
        return try answer.get()
    }

    package func job(_ id: JobID) async throws(ServiceError) -> Job {
        try checkFailure()
        guard let job = state.withLock({ $0.jobs.first { $0.id == id } }) else { throw .notFound(kind: "job") }
        return job
    }

    package func jobs(_ filter: JobFilter) async throws(ServiceError) -> [Job] {
        let jobs = state.withLock { state in
            state.jobs.reversed().filter { job in
                (filter.owner == nil || job.owner == filter.owner)
                    && (filter.states.isEmpty || filter.states.contains(job.state))
            }
        }
        return Array(jobs.filter { job in filter.after.map { job.id < $0 } ?? true }.prefix(filter.limit))
    }

    package func node() async throws(ServiceError) -> NodeStatus {
        try checkFailure()
        let jobs = state.withLock { $0.jobs }
        return NodeStatus(
            capacity: Resources(cpuMillicores: 2000, memoryBytes: 8 << 30),
            used: Resources(cpuMillicores: 1000, memoryBytes: 1 << 30),
            jobs: Dictionary(grouping: jobs, by: \.state).mapValues(\.count))
    }

    package func cancel(_ id: JobID) async throws(ServiceError) -> Job {
        try checkFailure()
        return try await job(id)
    }

    package func deleteInputs(of id: JobID) async throws(ServiceError) -> Job {
        try checkFailure()
        return try await job(id)
    }

    package func events(of id: JobID, after: Int) async throws(ServiceError) -> JobEventStream {
        let numbered = events.enumerated().map { JobEvent(sequence: $0 + 1, time: Instant(milliseconds: 3), kind: $1) }
        if case .state(let last, let attempt) = events.last { end(id, in: last, attempt: attempt) }
        let (stream, out) = AsyncStream.makeStream(of: JobEvent.self)
        state.withLock { $0.streams += 1 }
        for event in numbered where event.sequence > after { out.yield(event) }
        if !endless { out.finish() }
        return JobEventStream(stream)
    }

    package func log(of id: JobID, from offset: UInt64) async throws(ServiceError) -> ByteStream {
        ByteStream(Array(state.withLock { $0.log }.dropFirst(Int(clamping: offset))))
    }

    package func artifacts(of id: JobID) async throws(ServiceError) -> [Artifact] {
        state.withLock { $0.artifacts.map(\.artifact) }
    }

    package static let metricsBytes = Array(#"{"loss":[0.5]}"#.utf8)
    package static let metrics = Artifact(
        name: "metrics.json", role: .metrics,
        blob: Blob(digest: Digest.of(metricsBytes), size: UInt64(metricsBytes.count)))

    package func artifact(
        _ name: String, of id: JobID, from offset: UInt64
    ) async throws(ServiceError) -> ArtifactContent {
        guard let (artifact, bytes) = state.withLock({ $0.artifacts.first { $0.artifact.name == name } }) else {
            throw .notFound(kind: "artifact")
        }
        return ArtifactContent(artifact: artifact, bytes: ByteStream(Array(bytes.dropFirst(Int(offset)))))
    }

    package func rootfs() async throws(ServiceError) -> [RootfsDescription] {
        guard let schema = try? ParameterSchema(json: ["epochs": ["type": "integer", "default": 50]]) else {
            throw .fault
        }
        func rule(_ name: String) -> RootfsDescription.InputRule { .init(extensions: [name], maximumBytes: 1 << 20) }
        let inputs: [InputRole: RootfsDescription.InputRule] = [
            .model: rule(".keras"), .dataset: rule(".csv"), .definition: rule(".yaml"),
        ]
        return [RootfsDescription(name: "keras", summary: "Keras", inputs: inputs, parameters: schema)]
    }

    package func policies() async throws(ServiceError) -> [PolicySummary] {
        [PolicySummary(name: "strict", summary: "No network", digest: String(repeating: "5a", count: 32))]
    }

    package func keys() async throws(ServiceError) -> [PublicKey] {
        let documents = PublicKey(
            id: String(repeating: "c3", count: 32), use: .documents, algorithm: "ecdsa-p256",
            pem: "-----BEGIN PUBLIC KEY-----\n")
        guard let key = state.withLock({ $0.logKey }) else { return [documents] }
        let log = PublicKey(
            id: String(repeating: "d4", count: 32), use: .log, algorithm: "ed25519",
            pem: "-----BEGIN PUBLIC KEY-----\n", verifierKey: key)
        return [documents, log]
    }

    package func keyHistory() async throws(ServiceError) -> [UInt8] { Array("{}\n".utf8) }

    package func noteRefusal(_ error: ServiceError) async { state.withLock { $0.refusals.append(error) } }

    package func logFile(_ path: String) async throws(ServiceError) -> [UInt8] {
        try checkFailure()
        guard let bytes = state.withLock({ $0.logFiles[path] }) else { throw .notFound(kind: "file of the log") }
        return bytes
    }

    package func addCheckpoint(_ body: [UInt8]) async throws(ServiceError) -> WitnessReply {
        try checkFailure()
        throw .notFound(kind: "witness")
    }

    package func review(through: UInt64, finding: String, by caller: Caller) async throws(ServiceError) -> UInt64 {
        try checkFailure()
        return state.withLock { state in
            state.reviews.append("\(caller.owner) \(through) \(finding)")
            return UInt64(state.reviews.count - 1)
        }
    }

    package func freeBytes() async throws(ServiceError) -> UInt64 {
        try checkFailure()
        return 1 << 40
    }

    package func requireReady() async throws(ServiceError) { try checkFailure() }
}
