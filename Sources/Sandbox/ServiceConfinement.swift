internal import CLinux
internal import Isolation
internal import Linux
internal import Measure
package import Policy
internal import SystemPackage

/// How a service of ours gives up everything that it does not need, by a tape that it replays on itself.
///
/// The process must have one thread and be root. Afterwards it is an unprivileged user in an empty, read-only root with one folder
/// of the host, without a network, filtered; no step of it can be undone, and every later thread inherits all of it.
package struct ServiceConfinement: Sendable {
    /// Hex SHA-256 of the policy file.
    package let digest: String
    private let policy: ServicePolicy
    private let filter: SeccompProgram
    private let landlockABI: Int
    private let user: UInt32

    /// The most files that the service will be able to hold open.
    package var openFiles: UInt64 { policy.limits.openFiles }

    /// - Parameters:
    ///   - policy: what stays.
    ///   - user: uid and gid to become; not root.
    /// - Throws: `PolicyError` naming what can't be compiled, or `SandboxError` when this kernel or user can't hold it.
    package init(_ policy: ServicePolicy, as user: UInt32) throws {
        guard user != 0 else {
            throw SandboxError.unenforceable(what: "a service as root", remedy: "name another uid")
        }
        self.policy = policy
        self.user = user
        filter = try policy.seccomp.compile()
        guard !filter.records else {
            throw SandboxError.unenforceable(
                what: "a service has nobody who would answer SCMP_ACT_NOTIFY", remedy: "use SCMP_ACT_ERRNO")
        }
        landlockABI = min(Landlock.abi(), 7)
        guard landlockABI >= policy.landlock.minimumABI else {
            throw SandboxError.unenforceable(
                what: "this kernel has Landlock ABI \(landlockABI), not \(policy.landlock.minimumABI)",
                remedy: "start it with landlock in its lsm= list, or take a newer one")
        }
        digest = Digest.of(policy.source).hex
    }

    /// Enters, for good.
    ///
    /// - Parameters:
    ///   - folder: the one folder of the host that stays reachable.
    ///   - name: where it will be, below /.
    ///   - kept: descriptors that stay open beside the standard streams, each 10 or above.
    /// - Throws: `SandboxError` with stage, call and errno. Some steps may have been taken: the process must end.
    package func enter(keeping folder: String, as name: String, _ kept: [Int32]) throws(SandboxError) {
        precondition(kept.allSatisfy { $0 >= 10 }, "the tape uses the numbers 3 to 9")
        try preparing { () throws(LinuxError) in
            try OwnProcess.requireOneThread()
            try OwnProcess.closeDescriptors(from: 3, except: kept)
        }
        let root = try preparing { () throws(LinuxError) in try Self.root(with: folder, as: name) }
        let tape = tape(root.handles)
        let failure = LoadedTape(tape).replayHere()
        withExtendedLifetime(root) {}
        if let failure { throw tape.error(for: failure) }
    }

    /// A folder in memory with a place for /proc and one for the folder that stays.
    private static func root(with path: String, as name: String) throws(LinuxError) -> MountedFolder {
        let own = try TemporaryFolder(bytes: 64 << 10, entries: 8, owner: 0)
        try own.folder.makeOpenFolder("proc")
        let kept = try OwnedDescriptor.open(
            path, flags: Int32(CL_O_PATH) | O_DIRECTORY | O_NOFOLLOW, stage: "open folder of the socket")
        return try MountedFolder(own, entries: [MountedEntry(kept, as: name)])
    }

    /// All that needs root first, then the end of every privilege, then the filter, which permits none of it.
    private func tape(_ root: Handles.Folder) -> Tape {
        var tape = Tape()
        tape.leaveNamespaces()
        tape.detachMounts()
        tape.attachServiceRoot(root)
        tape.mountOwnProcess()
        tape.pivotRoot()
        tape.limitResources(policy.limits)
        tape.restrictFiles(policy.landlock, abi: landlockABI, from: 3)
        tape.append(.unprivileged(as: UInt64(user), stage: "become service user"))
        tape.forbidDumps()
        tape.forgetCrashHandlers()
        tape.filterSystemCalls(filter, digest: Digest.of(filter.bytes))
        return tape
    }

    /// What it does, one line a step.
    package var lines: [String] { tape(.init(mount: 10, entries: [("folder", 11)])).canonicalLines }
}
