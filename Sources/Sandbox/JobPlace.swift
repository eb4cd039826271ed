internal import Isolation
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

    /// What the tape names.
    var handles: Handles {
        Handles(
            standardInput: slot.pipes.null.raw, standardOutput: slot.pipes.output.writer.raw,
            standardError: slot.pipes.error.writer.raw, jobReport: slot.pipes.report.writer.raw,
            failureReader: slot.pipes.launch.ours.raw, failureWriter: slot.pipes.launch.theirs.raw,
            namespaces: slot.prepared.handles,
            root: files.root.descriptor.raw, devices: slot.devices.descriptor.raw,
            processors: slot.processors.descriptor.raw,
            scratch: slot.scratch.mount.descriptor.raw, inputs: files.inputs.handles, lent: files.lent?.handles,
            output: slot.output.mount.descriptor.raw, groups: slot.group.joins)
    }

    /// Replays a tape in it.
    func launch(_ tape: Tape) throws(SandboxError) -> LaunchedJob {
        try tape.launch(.job, into: slot.group.folder, report: slot.pipes.launch)
    }

    /// Lets go of a place whose job is dead, when no job waits.
    consuming func retire(to pool: JobPool) { pool.retire(slot) }

    /// Follows the job to its end.
    consuming func finish(_ job: consuming LaunchedJob, _ watch: JobWatch) throws(SandboxError) -> FinishedJob {
        let slot = self.slot
        let tape = job.tape
        let outcome: RunOutcome
        do throws(LinuxError) { outcome = try watch.follow(job, slot) } catch { throw .preparation(error) }
        return FinishedJob(outcome: outcome, tape: tape, slot: slot)
    }
}
