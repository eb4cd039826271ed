package import Jobs

/// What the service does, whoever asks: the supervisor answers it, the routes speak it, the gateway forwards it.
///
/// Implementations may block: the routes call them on threads that may wait (`BlockingThreads`). They need not ask whose
/// job it is: the routes show a job to nobody but its owner and the operator.
package protocol JobService: AccessService {
    /// Stores bytes under their digest; the blob is durable on return.
    func upload(_ bytes: ByteStream) async throws(ServiceError) -> Blob

    /// Accepts a job: it and its inputs are durable on return.
    ///
    /// The same owner's same `key` with the same request answers the job of the first time.
    func submit(_ request: JobRequest, owner: String, key: String?) async throws(ServiceError) -> Job

    /// Writes down that a submission was refused.
    func noteRefusal(_ error: ServiceError) async

    func job(_ id: JobID) async throws(ServiceError) -> Job

    /// One page of jobs, from the newest down.
    func jobs(_ filter: JobFilter) async throws(ServiceError) -> [Job]

    /// Asks that a job stops; answers the job as it is then, which may still be stopping.
    func cancel(_ id: JobID) async throws(ServiceError) -> Job

    /// Deletes the inputs of a job that is over; its evidence, with their digests, stays.
    func deleteInputs(of id: JobID) async throws(ServiceError) -> Job

    /// The job's events after the one numbered `after`, then those that come, to the job's end.
    func events(of id: JobID, after: Int) async throws(ServiceError) -> JobEventStream

    /// What the job has printed so far, from `offset` on; a log only grows, so a reader follows it by asking again.
    func log(of id: JobID, from offset: UInt64) async throws(ServiceError) -> ByteStream

    /// What a finished job gives out.
    func artifacts(of id: JobID) async throws(ServiceError) -> [Artifact]

    /// An artifact's bytes from `offset` on, which lies within it.
    func artifact(_ name: String, of id: JobID, from offset: UInt64) async throws(ServiceError) -> ArtifactContent

    func rootfs() async throws(ServiceError) -> [RootfsDescription]

    func policies() async throws(ServiceError) -> [PolicySummary]

    /// The public keys that evidence can be verified with.
    func keys() async throws(ServiceError) -> [PublicKey]

    /// The signed history of the key that signs documents, a record a line; no line when it was never rotated.
    func keyHistory() async throws(ServiceError) -> [UInt8]

    /// A file of the audit log as C2SP tlog-tiles has it: the checkpoint, a tile or a bundle of entries.
    func logFile(_ path: String) async throws(ServiceError) -> [UInt8]

    /// Answers a log that wants its checkpoint cosigned; there is nothing to ask where this service is no witness.
    func addCheckpoint(_ body: [UInt8]) async throws(ServiceError) -> WitnessReply

    /// Enters in the audit log that `caller` has looked through its first `through` entries.
    func review(through: UInt64, finding: String, by caller: Caller) async throws(ServiceError) -> UInt64

    /// What is counted of the service's work.
    var metrics: ServiceMetrics { get }

    /// What the host has for jobs, what is taken, and how many jobs are in each state.
    func node() async throws(ServiceError) -> NodeStatus

    /// Bytes that the store could still take.
    func freeBytes() async throws(ServiceError) -> UInt64

    /// Throws `ServiceError.unavailable` when a job submitted now could not run.
    func requireReady() async throws(ServiceError)
}

/// An artifact and its bytes.
package struct ArtifactContent: Sendable {
    package let artifact: Artifact
    package let bytes: ByteStream

    package init(artifact: Artifact, bytes: ByteStream) {
        self.artifact = artifact
        self.bytes = bytes
    }
}
