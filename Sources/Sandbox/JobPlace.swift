internal import Linux
internal import Policy

/// Everything of one job that is made before it exists, and outlives it.
struct JobPlace: ~Copyable {
    private let slot: JobSlot
    private let files: JobFiles
    private let pipes: JobPipes

    init(
        slot: JobSlot, rootfs: Rootfs, inputs: JobInputs, policy: Policy, devices: DeviceFolder
    ) throws(SandboxError) {
        let files = try JobFiles(
            rootfs: rootfs, inputs: inputs, policy: policy, devices: devices, user: slot.prepared.host.id)
        pipes = try preparing { () throws(LinuxError) in try JobPipes() }
        self.slot = slot
        self.files = files
    }

    /// The cgroup v2 folder that the job is born in; nil where there is none.
    var group: Int32? { slot.group.folder }

    /// What the tape names.
    func handles(_ report: borrowing SocketPair) -> Handles {
        Handles(
            standardInput: pipes.null.raw, standardOutput: pipes.output.writer.raw,
            standardError: pipes.error.writer.raw, jobReport: pipes.report.writer.raw,
            failureReader: report.ours.raw, failureWriter: report.theirs.raw,
            network: slot.prepared.pair.network.raw, userNamespace: slot.prepared.pair.user.raw,
            root: files.root.descriptor.raw, devices: files.devices.descriptor.raw, inputs: files.inputs.handles,
            lent: files.lentHandles, output: files.output.descriptor.raw, groups: slot.group.joins,
            user: slot.prepared.host.id)
    }

    /// Follows the job to its end; our copies of its ends of the streams are closed, so that each ends when its last process
    /// does.
    consuming func finish(_ job: consuming LaunchedJob, _ watch: JobWatch) throws(SandboxError) -> FinishedJob {
        let slot = self.slot
        let files = self.files
        let readers = pipes.takeReaders()
        let tape = job.tape
        let outcome: RunOutcome
        do throws(LinuxError) {
            outcome = try watch.follow(job, slot.group, readers)
        } catch {
            throw .preparation(error)
        }
        return FinishedJob(outcome: outcome, tape: tape, output: files.takeOutput(), slot: slot)
    }
}
