internal import CLinux
package import Isolation
internal import Linux
internal import Policy
internal import SystemPackage

/// Runs one confined process at a time, each in a sandbox of its own that is used once.
package struct Sandbox: Sendable {
    private let workplace: Workplace
    private let rootfs: Rootfs
    private let confined: ConfinedPolicy
    private let pool: JobPool

    package init(workplace: Workplace, rootfs: Rootfs, policy: ConfinedPolicy, pool: JobPool) {
        self.workplace = workplace
        self.rootfs = rootfs
        confined = policy
        self.pool = pool
    }

    /// Runs a program to its end, on this thread, and hands over what it left.
    ///
    /// Blocks; call it on a thread that lives as long as the job does (the job dies with it, PR_SET_PDEATHSIG).
    ///
    /// - Parameters:
    ///   - program: what to execute.
    ///   - inputs: what stands in /in.
    ///   - streams: takes what the job writes.
    ///   - cancellation: ends the job early.
    /// - Returns: the outcome; every process of the job is dead.
    /// - Throws: `SandboxError` when the job could not be confined as the policy says; nothing of it ran.
    package func run(
        _ program: Program, inputs: JobInputs, streams: JobStreams, cancellation: Cancellation
    ) throws(SandboxError) -> FinishedJob {
        let place = try prepare(inputs)
        let start = Clock.microseconds()
        let job = try launch(program, in: place)
        streams.launched()
        let watch = JobWatch(
            limits: confined.policy.limits, refusal: confined.refusal, streams: streams, cancellation: cancellation,
            start: start)
        return try place.finish(job, watch)
    }

    /// Launches a program and waits for its end, with its streams on /dev/null: the whole cost of a sandbox and nothing else.
    ///
    /// Nobody hears its calls on record; they answer ENOSYS (seccomp_unotify(2)).
    package func launchAndWait(_ program: Program, inputs: JobInputs) throws(SandboxError) -> Ending {
        let place = try prepare(inputs)
        let ending: Ending
        do throws(SandboxError) {
            ending = try launch(program, in: place).waitForEnd()
        } catch {
            place.retire(to: pool)
            throw error
        }
        // What the job had, its uid among it, goes when no job waits.
        place.retire(to: pool)
        return ending
    }

    func prepare(_ inputs: JobInputs) throws(SandboxError) -> JobPlace {
        try confined.requireKernel()
        let slot = try pool.take(for: confined.policy)
        return JobPlace(
            slot, try JobFiles(rootfs: rootfs, inputs: inputs, in: slot.inputs, policy: confined.policy))
    }

    private func launch(_ program: Program, in place: borrowing JobPlace) throws(SandboxError) -> LaunchedJob {
        try launch(program, in: place) { _ in }
    }

    /// Launches with a tape that a test may change before it runs.
    func launch(
        _ program: Program, in place: borrowing JobPlace, changing change: (inout Tape) -> Void
    ) throws(SandboxError) -> LaunchedJob {
        let handles = place.handles
        precondition(handles.areHigh, "a tape would overwrite a descriptor before it uses it")
        var tape = Tape.confine(program, under: confined, at: workplace.target, handles)
        change(&tape)
        return try place.launch(tape)
    }
}

extension Tape {
    /// The tape with a stand-in for everything that differs from job to job: its canonical form is every job's.
    ///
    /// - Parameters:
    ///   - program: what would be executed.
    ///   - confined: the policy; what it lends and this host lacks stands by its pattern.
    ///   - inputNames: what would stand in /in.
    ///   - groups: the cgroup v1 controllers that a job of this host joins by itself.
    /// - Returns: a tape to be read, not to be run.
    package static func explained(
        _ program: Program, under confined: ConfinedPolicy, inputNames: [String], groups: [String]
    ) -> Tape {
        let mounts = confined.policy.mounts
        let lent = (try? LentPath.all(of: mounts).map(\.name)) ?? mounts.map(\.source)
        let handles = Handles(
            standardInput: 0, standardOutput: 0, standardError: 0, jobReport: 0, failureReader: 0, failureWriter: 0,
            namespaces: .init(user: 0, network: 0, ipc: 0, host: 0), root: 0, devices: 0, processors: 0, scratch: 0,
            inputs: .init(mount: 0, entries: inputNames.map { ($0, 0) }),
            lent: mounts.isEmpty ? nil : .init(mount: 0, entries: lent.map { ($0, 0) }), output: 0,
            groups: groups.map { ($0, 0) })
        return confine(program, under: confined, at: "", handles)
    }
}
