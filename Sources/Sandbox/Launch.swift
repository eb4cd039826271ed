internal import CLinux
internal import CSandbox
internal import Isolation
internal import Linux
internal import SystemPackage

/// Namespaces that a child gets at its clone.
package struct Namespaces: OptionSet, Sendable {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    static let mount = Namespaces(rawValue: UInt64(CLONE_NEWNS))
    static let process = Namespaces(rawValue: UInt64(CLONE_NEWPID))
    static let network = Namespaces(rawValue: UInt64(CLONE_NEWNET))
    static let ipc = Namespaces(rawValue: UInt64(CLONE_NEWIPC))
    static let host = Namespaces(rawValue: UInt64(CLONE_NEWUTS))
    /// Its root is the supervisor's own group: /proc/self/cgroup tells a job nothing of the host's tree above it.
    static let cgroup = Namespaces(rawValue: UInt64(CLONE_NEWCGROUP))

    /// What the process has that makes namespaces ahead; it makes its user namespace after these, so that it owns none of them.
    static let ahead: Namespaces = [.network, .ipc, .host]

    /// What every job gets at its clone; the others are made ahead and entered by the tape.
    static let job: Namespaces = [.mount, .process, .cgroup]
}

extension Tape {
    /// Starts a child that replays this tape and waits until it has called exec or is dead.
    ///
    /// - Parameters:
    ///   - namespaces: what the child gets at its clone.
    ///   - group: the raw descriptor of the cgroup v2 folder that it is born in.
    ///   - report: the channel that the tape's own steps name too.
    /// - Returns: the running child, and where its denied calls are heard of.
    /// - Throws: `SandboxError.confinement` with stage, call and errno when a step failed; the child is reaped then.
    func launch(
        _ namespaces: Namespaces, into group: Int32?, report: borrowing SocketPair
    ) throws(SandboxError) -> LaunchedJob {
        let child = try Passage.alone { () throws(SandboxError) -> Child in
            try spawn(flags: namespaces.rawValue | UInt64(CLONE_VFORK), into: group, report: report.theirs)
        }
        let answer: LaunchReport
        do throws(LinuxError) { answer = try LaunchReport(of: report.ours) } catch { throw .preparation(error) }
        if let failure = answer.failure { throw error(for: failure) }
        return LaunchedJob(child: child, listener: answer.listener, tape: self)
    }

    /// Clones without waiting: the tape has a step that waits for us. The memory must outlive the child, so the caller gets it.
    func start(_ namespaces: Namespaces, report: borrowing OwnedDescriptor) throws(SandboxError) -> StartedTape {
        let loaded = LoadedTape(self)
        let child = try Self.spawn(loaded, flags: namespaces.rawValue, into: nil, report: report.raw)
        return StartedTape(child: child, memory: loaded)
    }

    private func spawn(
        flags: UInt64, into group: Int32?, report: borrowing OwnedDescriptor
    ) throws(SandboxError) -> Child {
        let loaded = LoadedTape(self)
        return try Self.spawn(loaded, flags: flags, into: group, report: report.raw)
    }

    private static func spawn(
        _ loaded: borrowing LoadedTape, flags: UInt64, into group: Int32?, report: Int32
    ) throws(SandboxError) -> Child {
        var pidfd: Int32 = -1
        let pid = loaded.spawn(flags: flags, into: group, report: report, pidfd: &pidfd)
        guard pid > 0 else {
            throw .preparation(LinuxError(stage: "clone3", errno: Errno(rawValue: Int32(-pid))))
        }
        return Child(pid: Int32(pid), pidfd: OwnedDescriptor(owning: pidfd))
    }

    /// What a child reported: nothing, its one ready byte, or a cs_failure behind either.
    static func failure(in bytes: [UInt8]) -> cs_failure? {
        let size = MemoryLayout<cs_failure>.size
        guard bytes.count >= size else { return nil }
        return bytes.suffix(size).withUnsafeBytes { $0.loadUnaligned(as: cs_failure.self) }
    }

    func error(for failure: cs_failure) -> SandboxError {
        let step = steps[Int(failure.step)]
        let error = LinuxError(stage: step.stage, errno: Errno(rawValue: failure.error))
        if step.call == .execve, case .text(let path) = step.arguments[0] {
            return .program(path: Display.name(path), error: error)
        }
        return .confinement(stage: step.stage, call: step.call.name, error: error)
    }
}

/// A child that was not waited for, and the memory that it runs in.
struct StartedTape: ~Copyable {
    let child: Child
    let memory: LoadedTape
}

/// A job that runs its program.
struct LaunchedJob: ~Copyable {
    let child: Child
    let listener: CallListener?
    /// What confined it.
    let tape: Tape

    /// Waits for the death of every process of the job.
    consuming func waitForEnd() throws(SandboxError) -> Ending {
        do throws(LinuxError) { return try child.wait() } catch { throw .preparation(error) }
    }
}
