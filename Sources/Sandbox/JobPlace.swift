internal import Linux
internal import Policy

/// Everything of one job that is made before it exists, and outlives it.
struct JobPlace: ~Copyable {
    private let namespaces: NamespacePool.Entry
    private let files: JobFiles
    private let pipes: JobPipes

    init(
        namespaces: NamespacePool.Entry, rootfs: Rootfs, inputs: JobInputs, policy: Policy, devices: DeviceFolder
    ) throws(SandboxError) {
        let files = try JobFiles(
            rootfs: rootfs, inputs: inputs, policy: policy, devices: devices, user: namespaces.prepared.host.id)
        pipes = try preparing { () throws(LinuxError) in try JobPipes() }
        self.namespaces = namespaces
        self.files = files
    }

    /// What the tape names.
    func handles(_ report: borrowing SocketPair) -> Handles {
        Handles(
            standardInput: pipes.null.raw, standardOutput: pipes.output.writer.raw,
            standardError: pipes.error.writer.raw, jobReport: pipes.report.writer.raw,
            failureReader: report.ours.raw, failureWriter: report.theirs.raw,
            network: namespaces.prepared.pair.network.raw, userNamespace: namespaces.prepared.pair.user.raw,
            root: files.root.descriptor.raw, devices: files.devices.descriptor.raw, inputs: files.inputs.handles,
            lent: files.lentHandles, output: files.output.descriptor.raw, groups: [],
            user: namespaces.prepared.host.id)
    }

    /// Follows the job to its end; our copies of its ends of the streams are closed, so that each ends when its last process
    /// does.
    consuming func finish(_ job: consuming LaunchedJob, _ watch: JobWatch) throws(SandboxError) -> FinishedJob {
        let namespaces = self.namespaces
        let files = self.files
        let readers = pipes.takeReaders()
        let tape = job.tape
        let outcome: RunOutcome
        do throws(LinuxError) { outcome = try watch.follow(job, readers) } catch { throw .preparation(error) }
        return FinishedJob(outcome: outcome, tape: tape, output: files.takeOutput(), namespaces: namespaces)
    }
}
