import API
import JSON
import Jobs
import Measure
import NIOCore
import Synchronization

/// A service that keeps everything in memory and says what it is told to say.
final class FakeService: JobService {
    struct State {
        var blobs: [Digest: [UInt8]] = [:]
        var jobs: [Job] = []
        var keys: [String: (digest: Digest, job: JobID)] = [:]
        var failure: ServiceError?
    }

    static let uploadLimit: UInt64 = 1 << 20

    let state = Mutex(State())
    let events: [JobEvent.Kind]
    let endless: Bool
    private let ids = JobIDSource()

    init(events: [JobEvent.Kind] = [], endless: Bool = false) {
        self.events = events
        self.endless = endless
    }

    func fail(with error: ServiceError) { state.withLock { $0.failure = error } }

    private func checkFailure() throws(ServiceError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    func upload(_ bytes: ByteStream) async throws(ServiceError) -> Blob {
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
        state.withLock { $0.blobs[blob.digest] = all }
        return blob
    }

    func submit(_ request: JobRequest, owner: String, key: String?) async throws(ServiceError) -> Job {
        try checkFailure()
        let id = ids.next()
        let job = Job(
            id: id, owner: owner, state: .queued, rootfs: request.rootfs, policy: request.policy,
            inputs: request.inputs.map { StoredInput($0, size: 1) }, parameters: [], metadata: request.metadata,
            times: [.received: Instant(milliseconds: 1), .queued: Instant(milliseconds: 2)])
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

    func job(_ id: JobID) async throws(ServiceError) -> Job {
        try checkFailure()
        guard let job = state.withLock({ $0.jobs.first { $0.id == id } }) else { throw .notFound(kind: "job") }
        return job
    }

    func jobs(of owner: String?, after: JobID?, limit: Int) async throws(ServiceError) -> [Job] {
        let jobs = state.withLock { $0.jobs.reversed().filter { owner == nil || $0.owner == owner } }
        return Array(jobs.filter { job in after.map { job.id < $0 } ?? true }.prefix(limit))
    }

    func cancel(_ id: JobID) async throws(ServiceError) -> Job {
        try checkFailure()
        return try await job(id)
    }

    func events(of id: JobID, after: Int) async throws(ServiceError) -> JobEventStream {
        let numbered = events.enumerated().map { JobEvent(sequence: $0 + 1, time: Instant(milliseconds: 3), kind: $1) }
        let (stream, out) = AsyncStream.makeStream(of: JobEvent.self)
        for event in numbered where event.sequence > after { out.yield(event) }
        if !endless { out.finish() }
        return JobEventStream(stream)
    }

    func log(of id: JobID, from offset: UInt64) async throws(ServiceError) -> ByteStream {
        ByteStream(Array("epoch 1\nepoch 2\n".utf8.dropFirst(Int(offset))))
    }

    func artifacts(of id: JobID) async throws(ServiceError) -> [Artifact] { [FakeService.metrics] }

    static let metricsBytes = Array(#"{"loss":[0.5]}"#.utf8)
    static let metrics = Artifact(
        name: "metrics.json", role: .metrics,
        blob: Blob(digest: Digest.of(metricsBytes), size: UInt64(metricsBytes.count)))

    func artifact(_ name: String, of id: JobID) async throws(ServiceError) -> ArtifactContent {
        guard name == "metrics.json" else { throw .notFound(kind: "artifact") }
        return ArtifactContent(artifact: FakeService.metrics, bytes: ByteStream(FakeService.metricsBytes))
    }

    func rootfs() async throws(ServiceError) -> [RootfsDescription] {
        guard let schema = try? ParameterSchema(json: ["epochs": ["type": "integer", "default": 50]]) else {
            throw .fault
        }
        let rule = RootfsDescription.InputRule(extensions: [".keras"], maximumBytes: 5)
        return [RootfsDescription(name: "keras", summary: "Keras", inputs: [.model: rule], parameters: schema)]
    }

    func policies() async throws(ServiceError) -> [PolicySummary] {
        [PolicySummary(name: "strict", summary: "No network", digest: "00")]
    }

    func keys() async throws(ServiceError) -> [PublicKey] {
        [PublicKey(id: "00", use: .documents, algorithm: "ecdsa-p256", pem: "-----BEGIN PUBLIC KEY-----\n")]
    }

    func requireReady() async throws(ServiceError) { try checkFailure() }
}
