internal import CLinux
internal import Isolation
internal import Linux
internal import SystemPackage

/// A user namespace, and namespaces for network, IPC and host name, made ahead of a job, each used once.
///
/// The others belong to the host's user namespace (they are made first), so the job holds no capability over them. The user
/// namespace maps one id, the job's host uid, and nothing else.
package struct PreparedNamespaces: ~Copyable {
    package let host: HostUser
    private let set: NamespaceSet

    /// Makes them by a short-lived child that holds them while we write its maps and open them.
    package init(for host: consuming HostUser) throws(SandboxError) {
        let id = host.id
        set = try Passage.alone { () throws(SandboxError) -> NamespaceSet in try Self.make(for: id) }
        self.host = host
    }

    private static func make(for user: UInt32) throws(SandboxError) -> NamespaceSet {
        let report = try preparing { () throws(LinuxError) in try Pipe() }
        let release = try preparing { () throws(LinuxError) in try Pipe() }
        let tape = Tape.holdNamespaces(report: report, release: release)
        let held = try tape.start(.ahead, report: report.writer)
        let reader = report.takeReader()
        return try held.whileAlive { (pid: Int32) throws(SandboxError) -> NamespaceSet in
            try tape.awaitReady(reader)
            return try preparing { () throws(LinuxError) in try NamespaceSet(of: pid, mapping: user) }
        }
    }

    var handles: Handles.Namespaces {
        .init(user: set.user.raw, network: set.network.raw, ipc: set.ipc.raw, host: set.host.raw)
    }
}

/// The namespaces of a live process.
private struct NamespaceSet: ~Copyable {
    let user: OwnedDescriptor
    let network: OwnedDescriptor
    let ipc: OwnedDescriptor
    let host: OwnedDescriptor

    init(of pid: Int32, mapping id: UInt32) throws(LinuxError) {
        let map = Array("\(Tape.innerUser) \(id) 1\n".utf8)
        for file in ["uid_map", "gid_map"] {
            try OwnedDescriptor.open("/proc/\(pid)/\(file)", flags: O_WRONLY, stage: "map job uid").write(map)
        }
        let user = try Self.open("user", of: pid)
        let network = try Self.open("net", of: pid)
        let ipc = try Self.open("ipc", of: pid)
        host = try Self.open("uts", of: pid)
        self.user = user
        self.network = network
        self.ipc = ipc
    }

    private static func open(_ name: String, of pid: Int32) throws(LinuxError) -> OwnedDescriptor {
        try OwnedDescriptor.open("/proc/\(pid)/ns/\(name)", flags: O_RDONLY, stage: "open \(name) namespace").raised()
    }
}

extension Tape {
    /// A user namespace of its own that can hold no other, one byte to say so, and a read that ends when the parent lets go.
    ///
    /// user.max_user_namespaces is each user namespace's own, and counts all below it (namespaces(7), "/proc/sys/user"): with
    /// 0 the job could make none even if its filter let it try, and so regain no capability over anything.
    fileprivate static func holdNamespaces(
        report: borrowing Pipe, release: borrowing Pipe
    ) -> Tape {
        var tape = Tape()
        tape.begin("prepare namespaces")
        tape.append(.close, .job("release writer", UInt64(argument: release.writer.raw)))
        // Names that say nothing about the host.
        tape.append(.sethostname, .text("job"), .value(3))
        tape.append(.setdomainname, .text("(none)"), .value(6))
        tape.append(.unshare, .flags("CLONE_NEWUSER", UInt64(CLONE_NEWUSER)))
        let limit = tape.append(
            .openat, .flags("AT_FDCWD", UInt64(argument: AT_FDCWD)), .text("/proc/sys/user/max_user_namespaces"),
            .flags("O_WRONLY|O_CLOEXEC", UInt64(O_WRONLY | O_CLOEXEC)))
        tape.append(.write, .result(of: limit), .text("0"), .value(1))
        tape.append(
            .write, .job("report writer", UInt64(argument: report.writer.raw)), .structure("ready", [1]), .value(1))
        tape.append(
            .read, .job("release reader", UInt64(argument: release.reader.raw)), .structure("buffer", [0]), .value(1))
        return tape
    }

    /// Waits for the ready byte, or for the failure that came in its place.
    fileprivate func awaitReady(_ reader: borrowing OwnedDescriptor) throws(SandboxError) {
        let answer = try preparing { () throws(LinuxError) in try reader.readSome(limit: 64) }
        if let failure = Self.failure(in: answer) { throw self.error(for: failure) }
        guard answer == [1] else {
            throw .preparation(LinuxError(stage: "prepare namespaces", errno: .noChildProcess))
        }
    }
}

extension StartedTape {
    /// Calls `body` while the child lives; afterwards it is killed and reaped, and only then its memory freed.
    consuming func whileAlive<Answer: ~Copyable>(
        _ body: (Int32) throws(SandboxError) -> Answer
    ) throws(SandboxError) -> Answer {
        let pid = child.pid
        let answer: Answer
        do throws(SandboxError) {
            answer = try body(pid)
        } catch {
            endChild()
            throw error
        }
        endChild()
        return answer
    }

    private consuming func endChild() {
        let memory = self.memory
        let child = self.child
        try? child.signal(SIGKILL)
        _ = try? child.wait()
        _ = consume memory  // the child ran in it until now
    }
}
