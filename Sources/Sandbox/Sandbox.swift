internal import CSandbox
package import Linux
internal import Policy
internal import SystemPackage

/// Runs one confined process at a time, each in a sandbox of its own that is used once.
package struct Sandbox: Sendable {
    private let workplace: Workplace
    private let rootfs: Rootfs
    private let confined: ConfinedPolicy
    private let pool: NamespacePool

    package init(workplace: Workplace, rootfs: Rootfs, policy: ConfinedPolicy, pool: NamespacePool) {
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
        let namespaces = try pool.take()
        let files = try prepare(inputs, for: namespaces)
        let pipes = try preparing { () throws(LinuxError) in try JobPipes() }
        defer { withExtendedLifetime(namespaces) {} }
        let start = Clock.microseconds()
        let child = try launch(program, namespaces, files, pipes)
        let watch = JobWatch(
            limits: confined.policy.limits, streams: streams, cancellation: cancellation, start: start)
        let outcome = try follow(child, pipes.takeReaders(), watch)
        return FinishedJob(outcome: outcome, output: files.takeOutput(), namespaces: namespaces)
    }

    /// Launches a program and waits for its end, with its streams on /dev/null: the whole cost of a sandbox and nothing else.
    package func launchAndWait(_ program: Program, inputs: JobInputs) throws(SandboxError) -> Ending {
        let namespaces = try pool.take()
        let files = try prepare(inputs, for: namespaces)
        let pipes = try preparing { () throws(LinuxError) in try JobPipes() }
        let child = try launch(program, namespaces, files, pipes)
        // The job's uid must stay reserved until it is dead; a reference alone may go after its last use.
        defer { withExtendedLifetime(namespaces) {} }
        do throws(LinuxError) { return try child.wait() } catch { throw .preparation(error) }
    }

    private func prepare(
        _ inputs: JobInputs, for namespaces: NamespacePool.Entry
    ) throws(SandboxError) -> JobFiles {
        let limits = confined.policy.limits
        let user = namespaces.prepared.host.id
        return try preparing { () throws(LinuxError) in
            try JobFiles(
                rootfs: rootfs, inputs: inputs, bytes: limits.outputBytes, entries: limits.outputEntries, user: user)
        }
    }

    private func launch(
        _ program: Program, _ namespaces: NamespacePool.Entry, _ files: borrowing JobFiles, _ pipes: borrowing JobPipes
    ) throws(SandboxError) -> Child {
        let report = try preparing { () throws(LinuxError) in try RaisedPipe() }
        let handles = Handles(
            standardInput: pipes.null.raw, standardOutput: pipes.output.writer.raw,
            standardError: pipes.error.writer.raw, jobReport: pipes.report.writer.raw,
            failureReader: report.reader.raw, failureWriter: report.writer.raw,
            network: namespaces.prepared.pair.network.raw, userNamespace: namespaces.prepared.pair.user.raw,
            root: files.root.descriptor.raw, inputs: files.inputs.descriptor.raw,
            inputFiles: files.inputMounts.map { ($0.name, $0.mount.descriptor.raw) },
            output: files.output.descriptor.raw, user: namespaces.prepared.host.id)
        precondition(handles.areHigh, "a tape would overwrite a descriptor before it uses it")
        return try Tape.confine(program, under: confined, at: workplace.target, handles).launch(.job, report: report)
    }

    private func follow(
        _ child: consuming Child, _ readers: consuming JobReaders, _ watch: JobWatch
    ) throws(SandboxError) -> RunOutcome {
        do throws(LinuxError) { return try watch.follow(child, readers) } catch { throw .preparation(error) }
    }
}

extension Tape {
    /// The tape with a stand-in for everything that differs from job to job: its canonical form is every job's.
    package static func explained(_ program: Program, under confined: ConfinedPolicy, inputNames: [String]) -> Tape {
        let handles = Handles(
            standardInput: 0, standardOutput: 0, standardError: 0, jobReport: 0, failureReader: 0, failureWriter: 0,
            network: 0, userNamespace: 0, root: 0, inputs: 0, inputFiles: inputNames.map { ($0, 0) }, output: 0, user: 0
        )
        return confine(program, under: confined, at: "", handles)
    }
}

extension JobFiles {
    consuming func takeOutput() -> OwnedDescriptor { outputFolder }
}
