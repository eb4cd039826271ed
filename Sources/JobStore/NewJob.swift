package import Jobs
package import Measure

/// A job that asks to be accepted.
package struct NewJob: Sendable {
    package let id: JobID
    package let owner: String
    package let rootfs: String
    package let policy: String
    package let inputs: [StoredInput]
    package let parameters: [EffectiveParameter]
    package let metadata: Metadata
    package let resources: Resources
    package let priority: Int
    package let maxAttempts: Int
    /// The trace of the request that asks.
    package let traceparent: String?

    package init(
        id: JobID, owner: String, rootfs: String, policy: String, inputs: [StoredInput],
        parameters: [EffectiveParameter], metadata: Metadata, resources: Resources = ResourceAsk.usual,
        priority: Int = JobPriority.usual, maxAttempts: Int = JobAttempts.usual, traceparent: String? = nil
    ) {
        self.id = id
        self.owner = owner
        self.rootfs = rootfs
        self.policy = policy
        self.inputs = inputs
        self.parameters = parameters
        self.metadata = metadata
        self.resources = resources
        self.priority = priority
        self.maxAttempts = maxAttempts
        self.traceparent = traceparent
    }

    /// As the store keeps it once it is accepted.
    func queued(at time: Instant) -> Job {
        Job(
            id: id, owner: owner, state: .queued, rootfs: rootfs, policy: policy,
            // In the order in which they are read back.
            inputs: InputRole.allCases.compactMap { role in inputs.first { $0.input.role == role } },
            parameters: parameters, metadata: metadata, times: [.received: time, .queued: time], resources: resources,
            priority: priority, maxAttempts: maxAttempts, traceparent: traceparent)
    }
}

/// A sender's word that a request sent twice is one request, and what the request was.
package struct IdempotencyKey: Sendable, Equatable {
    package let text: String
    package let request: Digest

    package init(_ text: String, request: Digest) {
        self.text = text
        self.request = request
    }
}
