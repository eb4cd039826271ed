internal import Measure

/// What an AIBoM says of its job, as far as later statements about the job must agree with it.
struct Bill: Sendable {
    static let fileName = "aibom.json"
    static let platformName = "platform.json"

    let job: String
    let isCompleted: Bool
    /// Hex SHA-256 of the exact bytes that were signed.
    let digest: String
    /// Of the value in its compact rendering: what a statement that carries the whole document must have, too.
    let content: Digest
    let builder: String
    /// Everything among its components that has a digest, by its reference (`policy`, `rootfs`, `input-model`).
    let parts: [Resource]
    /// What of the parts was submitted.
    let inputs: [Resource]
    /// What the job left and the supervisor captured, by file name.
    let outputs: [Resource]
    /// One of the outputs; nil for a failed job.
    let model: Resource?
    /// The record of the platform as measured at the supervisor's start.
    let platform: Resource?

    /// What statements about the job are about: what it made; of one that made nothing, what it was given, and of one that was given
    /// nothing, where it was to run.
    var subject: [Resource] {
        outputs.isEmpty ? (inputs.isEmpty ? platform.map { [$0] } ?? [] : inputs) : outputs
    }
}
