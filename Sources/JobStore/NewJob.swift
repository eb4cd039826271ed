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

    package init(
        id: JobID, owner: String, rootfs: String, policy: String, inputs: [StoredInput],
        parameters: [EffectiveParameter], metadata: Metadata
    ) {
        self.id = id
        self.owner = owner
        self.rootfs = rootfs
        self.policy = policy
        self.inputs = inputs
        self.parameters = parameters
        self.metadata = metadata
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
