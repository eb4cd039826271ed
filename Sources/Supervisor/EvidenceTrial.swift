internal import Attest
internal import Catalogue
internal import Isolation
internal import JSON
internal import JobStore
package import Jobs
internal import Linux
internal import Measure
internal import Sandbox

/// The way from a dead job's /out to its signed AIBoM, walked without training, to be timed.
///
/// The stages are the supervisor's own: staging of real inputs in the real rootfs, collection, facts, document, signature.
package final class EvidenceTrial {
    private let installation: Installation
    private let staged: StagedJob
    private let outputs: [(name: String, bytes: [UInt8])]

    /// - Parameters:
    ///   - configuration: a state folder of the trial's own, with a key in it.
    ///   - rootfs: the environment of the job, by name.
    ///   - policy: its policy, by name.
    ///   - inputs: what a submitter would upload.
    ///   - outputs: what the job would leave in /out.
    /// - Throws: what opening the installation or staging the job throws.
    package init(
        _ configuration: Configuration, rootfs: String, policy: String,
        inputs: [(role: InputRole, name: String, bytes: [UInt8])], outputs: [(name: String, bytes: [UInt8])]
    ) throws {
        installation = try Installation(configuration)
        self.outputs = outputs
        staged = try installation.stageTrial(rootfs: rootfs, policy: policy, inputs: inputs, parameters: JSONObject())
    }

    /// Walks it once.
    ///
    /// - Returns: nanoseconds from "the last process is dead" to "the AIBoM is signed".
    package func run() throws -> Int64 {
        let output = try fillOutput()
        let ending = Ending(status: .exited(0), userMicroseconds: 1, systemMicroseconds: 1)
        let outcome = RunOutcome(cause: .ended, ending: ending, wallMicroseconds: 1)
        let tape = Tape.explained(
            staged.program, under: staged.policy, inputNames: staged.mounted.image.manifest.inputs.map(\.file),
            groups: [])
        let start = Clock.nanoseconds()
        let record = RunRecord(
            started: .now(), finished: .now(), outcome: outcome, tape: Digest.of(tape.canonicalBytes),
            reported: JobFacts.Reported(), logIsTruncated: false,
            reportIsTruncated: false)
        let artifacts = try installation.collect(output, staged.mounted.image.manifest.outputs)
        let facts = installation.facts(staged, record, artifacts, failure: nil)
        let seal = try installation.beginSeal(of: staged.job.id, facts, artifacts, failure: nil)
        _ = try installation.sign(seal, of: staged.job.id)
        return Clock.nanoseconds() - start
    }

    /// A fresh /out with files of new bytes, so that nothing is stored already.
    private func fillOutput() throws -> OwnedDescriptor {
        let mount = try DetachedMount(temporary: 1 << 30, entries: 64, owner: 0, attributes: [])
        let folder = try mount.openRoot()
        for output in outputs {
            let salt = withUnsafeBytes(of: UInt64.random(in: .min ... .max), Array.init)
            let file = try OwnedDescriptor.open(
                Array(output.name.utf8), in: folder, flags: 0o101, mode: 0o600, stage: "write trial output")
            try file.write(output.bytes + salt)
        }
        return folder
    }
}

extension Installation {
    /// Stores inputs and stages a job of them that nobody submitted.
    func stageTrial(
        rootfs: String, policy: String, inputs: [(role: InputRole, name: String, bytes: [UInt8])],
        parameters: JSONObject
    ) throws -> StagedJob {
        var stored: [StoredInput] = []
        for input in inputs {
            let digest = try blobs.store(input.bytes)
            let name = try FileName(input.name, field: "inputs")
            stored.append(
                StoredInput(
                    JobInput(role: input.role, fileName: name, digest: digest.digest), size: digest.size))
        }
        let effective = try library.description(of: rootfs).parameters.effective(given: parameters)
        let job = Job(
            id: JobIDSource().next(), owner: "bench", state: .running, rootfs: rootfs, policy: policy, inputs: stored,
            parameters: effective, metadata: Metadata(), times: [:])
        return try stage(job)
    }
}
