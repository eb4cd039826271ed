internal import Linux
internal import Policy

/// Everything of one job that is made before it exists, and outlives it.
struct JobPlace: ~Copyable {
    private let slot: JobSlot
    private let files: JobFiles

    init(_ slot: JobSlot, _ files: consuming JobFiles) {
        self.slot = slot
        self.files = files
    }

    /// The cgroup v2 folder that the job is born in; nil where there is none.
    var group: Int32? { slot.group.folder }

    /// What the tape names.
    func handles(_ report: borrowing SocketPair) -> Handles {
        Handles(
            standardInput: slot.pipes.null.raw, standardOutput: slot.pipes.output.writer.raw,
            standardError: slot.pipes.error.writer.raw, jobReport: slot.pipes.report.writer.raw,
            failureReader: report.ours.raw, failureWriter: report.theirs.raw, namespaces: slot.prepared.handles,
            root: files.root.descriptor.raw, devices: slot.devices.descriptor.raw,
            scratch: slot.scratch.descriptor.raw, inputs: files.inputs.handles, lent: files.lentHandles,
            output: slot.output.descriptor.raw, groups: slot.group.joins)
    }

    /// Follows the job to its end.
    consuming func finish(_ job: consuming LaunchedJob, _ watch: JobWatch) throws(SandboxError) -> FinishedJob {
        let slot = self.slot
        let tape = job.tape
        let outcome: RunOutcome
        do throws(LinuxError) { outcome = try watch.follow(job, slot) } catch { throw .preparation(error) }
        return FinishedJob(outcome: outcome, tape: tape, slot: slot)
    }
}
