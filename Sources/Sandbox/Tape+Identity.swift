internal import CLinux
internal import Linux

extension Tape {
    /// A uid inside the job's user namespace; outside it is the job's own host uid.
    static let innerUser: UInt64 = 1000

    /// Standard streams and the report, at the numbers 0 to 3; nothing else survives `forgetDescriptors`.
    mutating func connectStreams(_ handles: Handles) {
        begin("connect streams")
        let streams: [(String, Int32, UInt64)] = [
            ("stdin", handles.standardInput, 0), ("stdout", handles.standardOutput, 1),
            ("stderr", handles.standardError, 2), ("report", handles.jobReport, 3),
        ]
        for (name, descriptor, number) in streams {
            append(.dup3, .job(name, UInt64(argument: descriptor)), .value(number), .value(0))
        }
    }

    /// A session of its own: no controlling terminal to push input into (TIOCSTI), no process group of ours to signal.
    mutating func leaveSession() {
        begin("leave session")
        append(.setsid)
    }

    /// A network namespace with nothing in it, not even a loopback that is up.
    ///
    /// Safe: made by root before the job, used by no other, owned by the host's user namespace, so that the job holds no
    /// capability over it.
    mutating func enterNetwork(_ network: Int32) {
        begin("enter network")
        append(.setns, .job("network", UInt64(argument: network)), .flags("CLONE_NEWNET", UInt64(CLONE_NEWNET)))
    }

    /// System V IPC and message queues of its own, and a host name that says nothing. Safe as the network is.
    mutating func enterNames(_ namespaces: Handles.Namespaces) {
        begin("enter ipc and host name")
        append(.setns, .job("ipc", UInt64(argument: namespaces.ipc)), .flags("CLONE_NEWIPC", UInt64(CLONE_NEWIPC)))
        append(
            .setns, .job("host name", UInt64(argument: namespaces.host)), .flags("CLONE_NEWUTS", UInt64(CLONE_NEWUTS)))
    }

    /// Enters the job's user namespace, which maps one id and owns nothing that the stages before made.
    ///
    /// Safe: until here the child was root of the host and ran only this tape. What it gains here are capabilities over an
    /// empty namespace, and the next stages take them away.
    mutating func enterUserNamespace(_ namespace: Int32) {
        begin("enter user namespace")
        append(
            .setns, .job("user namespace", UInt64(argument: namespace)),
            .flags("CLONE_NEWUSER", UInt64(CLONE_NEWUSER)))
    }

    /// The end of every privilege, the same for every job.
    static let unprivileged = Tape.unprivileged(as: innerUser, stage: "become job user")

    /// The end of every privilege: what `user` has on its own is left, which is nothing.
    static func unprivileged(as user: UInt64, stage: String) -> Tape {
        var tape = Tape()
        tape.dropBoundingSet()
        tape.become(user, stage: stage)
        tape.dropCapabilities()
        return tape
    }

    /// Empties the bounding set, which entering the user namespace filled: no exec can give any of it back.
    ///
    /// Every bit of the kernel's capability word is dropped. A kernel answers EINVAL to those that it lacks, so the bits beyond
    /// the last that we know are optional: should a newer kernel have them, they are dropped too.
    private mutating func dropBoundingSet() {
        begin("drop bounding set")
        let drop = Argument.flags("PR_CAPBSET_DROP", UInt64(PR_CAPBSET_DROP))
        for capability in 0..<UInt64(64) {
            append(.prctl, drop, .value(capability), optional: capability > UInt64(CAP_LAST_CAP))
        }
    }

    /// A uid and gid of its own, no supplementary group.
    ///
    /// Groups before gid before uid: afterwards none of them could be given up (setgroups(2) needs the capability).
    private mutating func become(_ user: UInt64, stage: String) {
        begin(stage)
        let id = Argument.value(user)
        append(.setgroups, .value(0), .null)
        append(.setresgid, id, id, id)
        append(.setresuid, id, id, id)
    }

    /// No capability in any set, and no way to gain one: no_new_privs makes setuid bits and file capabilities inert.
    private mutating func dropCapabilities() {
        begin("drop capabilities")
        append(
            .prctl, .flags("PR_CAP_AMBIENT", UInt64(PR_CAP_AMBIENT)),
            .flags("PR_CAP_AMBIENT_CLEAR_ALL", UInt64(PR_CAP_AMBIENT_CLEAR_ALL)), .value(0), .value(0), .value(0))
        // struct __user_cap_header_struct {version 3, pid 0}; two structs of three u32 each, all zero (capset(2)).
        let version = withUnsafeBytes(of: UInt32(0x2008_0522), Array.init)
        append(
            .capset, .structure("{v3, self}", version + [0, 0, 0, 0]),
            .structure("{none}", [UInt8](repeating: 0, count: 24)))
        append(
            .prctl, .flags("PR_SET_NO_NEW_PRIVS", UInt64(PR_SET_NO_NEW_PRIVS)), .value(1), .value(0), .value(0),
            .value(0))
    }

    /// Namespaces of its own for a process that confines itself: the mounts, network, IPC, host name and cgroup view that it leaves
    /// are the host's. An open socket stays in the network that it was made in: what listens goes on listening.
    mutating func leaveNamespaces() {
        begin("leave namespaces")
        let flags: [(String, Int32)] = [
            ("CLONE_NEWNS", CLONE_NEWNS), ("CLONE_NEWNET", CLONE_NEWNET), ("CLONE_NEWIPC", CLONE_NEWIPC),
            ("CLONE_NEWUTS", CLONE_NEWUTS), ("CLONE_NEWCGROUP", CLONE_NEWCGROUP),
        ]
        append(
            .unshare,
            .flags(flags.map(\.0).joined(separator: "|"), flags.reduce(0) { $0 | UInt64(argument: $1.1) }))
        append(.sethostname, .text("none"), .value(4))
    }

    /// No core dump, no ptrace(2), /proc/self as root's; after the change of user, which sets the flag anew.
    mutating func forbidDumps() {
        begin("forbid dumps")
        append(.prctl, .flags("PR_SET_DUMPABLE", UInt64(PR_SET_DUMPABLE)), .value(0))
    }

    /// From here on the death of the supervisor's thread that launches it is this child's, until the change of uid clears the setting.
    ///
    /// First of all: what the supervisor has open may outlive that thread by a moment, and so look alive to `dieWithSupervisor`.
    mutating func dieWithLauncher() {
        begin("die with launcher")
        append(.prctl, .flags("PR_SET_PDEATHSIG", UInt64(PR_SET_PDEATHSIG)), .flags("SIGKILL", UInt64(SIGKILL)))
    }

    /// The job dies when the supervisor's thread that runs it does; changing the uid cleared the setting, so it comes after.
    ///
    /// The race (the supervisor died just before) is closed by a write to a pipe that only the supervisor can read: the child
    /// first closes its own copy of the reading end, so the write fails with EPIPE when nobody is left, and so does the tape.
    mutating func dieWithSupervisor(_ handles: Handles) {
        begin("die with supervisor")
        append(.prctl, .flags("PR_SET_PDEATHSIG", UInt64(PR_SET_PDEATHSIG)), .flags("SIGKILL", UInt64(SIGKILL)))
        append(.close, .job("report reader", UInt64(argument: handles.failureReader)))
        append(
            .write, .job("report writer", UInt64(argument: handles.failureWriter)), .structure("ready", [1]), .value(1))
    }
}
