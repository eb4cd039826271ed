package import Jobs
package import Measure

/// A job as it stands in the store.
package struct Job: Sendable, Equatable {
    package let id: JobID
    package let owner: String
    package let state: JobState
    package let rootfs: String
    package let policy: String
    /// Counted from 1.
    package let attempt: Int
    package let inputs: [StoredInput]
    package let parameters: [EffectiveParameter]
    package let metadata: Metadata
    /// Why a failed job failed.
    package let problem: Problem?
    /// When the job last came into each state.
    package let times: [JobState: Instant]
}

/// An input and how large its blob is.
package struct StoredInput: Sendable, Equatable {
    package let input: JobInput
    package let size: UInt64

    package init(_ input: JobInput, size: UInt64) {
        self.input = input
        self.size = size
    }
}

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

/// What a finished job gives out.
package struct Artifact: Sendable, Equatable {
    package let name: String
    package let role: ArtifactRole
    package let blob: Blob

    package init(name: String, role: ArtifactRole, blob: Blob) {
        self.name = name
        self.role = role
        self.blob = blob
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
