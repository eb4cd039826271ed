internal import CLinux
internal import Linux
internal import Measure
internal import Policy

extension Tape {
    /// The job's own control groups, where cgroup v1 has the controller; v2's it is born in (CLONE_INTO_CGROUP).
    ///
    /// Safe: made and limited beforehand by root; the job has no cgroup filesystem and no right to write one. First of all, so
    /// that every byte and every process of the job is counted. "0" stands for the writer: one thread that moves itself need
    /// not wait for a grace period of the kernel, as a pid would.
    mutating func joinGroups(_ groups: [(controller: String, tasks: Int32)]) {
        guard !groups.isEmpty else { return }
        begin("join control groups")
        for group in groups {
            append(.write, .job("\(group.controller) tasks", UInt64(argument: group.tasks)), .text("0"), .value(1))
        }
    }

    /// Bounds that the kernel holds for one process or, by its own uid, for the whole job (getrlimit(2)).
    ///
    /// Soft and hard are equal: a job can only lower them.
    mutating func limitResources(_ limits: Limits) {
        bound([
            // One byte: no core fits in it, and where core_pattern is a pipe it is the number that keeps the kernel from running
            // the host's handler on a crash, as 0 does not (fs/coredump.c).
            ("RLIMIT_CORE", 4, 1),
            ("RLIMIT_FSIZE", 1, limits.fileBytes),
            ("RLIMIT_NOFILE", 7, limits.openFiles),
            // The control group comes first, as it counts what it refuses; this one stands behind it. The kernel counts a
            // process here before it asks the group, and each of the job's may be in the middle of a fork.
            ("RLIMIT_NPROC", 6, 2 * limits.processes),
            // Signals that wait, and timers, each of which keeps one ready: kernel memory that no group counted before Linux 6.2.
            ("RLIMIT_SIGPENDING", 11, 2 * limits.processes),
            ("RLIMIT_MEMLOCK", 8, limits.lockedBytes),
            ("RLIMIT_MSGQUEUE", 12, 0),
            ("RLIMIT_NICE", 13, 0),
            ("RLIMIT_RTPRIO", 14, 0),
        ])
    }

    /// The same for a service of ours that confines itself. A file's size is left alone: where standard error is a file, the limit
    /// would end the service before its last words.
    mutating func limitResources(_ limits: ServicePolicy.Limits) {
        bound([
            ("RLIMIT_CORE", 4, 1),
            ("RLIMIT_NOFILE", 7, limits.openFiles),
            ("RLIMIT_NPROC", 6, limits.processes),
            ("RLIMIT_MEMLOCK", 8, limits.lockedBytes),
            ("RLIMIT_MSGQUEUE", 12, 0),
            ("RLIMIT_NICE", 13, 0),
            ("RLIMIT_RTPRIO", 14, 0),
        ])
    }

    private mutating func bound(_ bounds: [(String, UInt64, UInt64)]) {
        begin("limit resources")
        for (name, number, bound) in bounds {
            let pair = withUnsafeBytes(of: bound, Array.init)
            append(.prlimit, .value(0), .flags(name, number), .structure("{\(bound), \(bound)}", pair + pair), .null)
        }
    }

    /// Nothing above the report survives exec, whatever the supervisor or a library had open (CVE-2024-21626).
    ///
    /// What the tape still needs lies at 10 and above and goes at exec; 4 to 9 go now, so that the stages that follow know
    /// which number the kernel gives them: the lowest that is free (open(2)).
    mutating func forgetDescriptors() {
        begin("forget descriptors")
        append(.closeRange, .value(4), .value(9), .value(0))
        append(
            .closeRange, .value(10), .flags("~0", UInt64(UInt32.max)),
            .flags("CLOSE_RANGE_CLOEXEC", UInt64(CLOSE_RANGE_CLOEXEC)))
    }

    /// Signals were blocked around the clone and handlers reset by it; a job starts with an empty mask, which exec keeps, and
    /// with every signal as it is by default: an ignored one stays ignored through clone and exec, and a server ignores
    /// SIGPIPE, nohup SIGHUP, a shell's background job SIGINT. KILL and STOP can't be ignored. Its umask is not ours either.
    static let forgottenHabits: Tape = {
        var tape = Tape()
        tape.begin("forget signals and umask")
        for signal in UInt64(1)...64 where signal != UInt64(SIGKILL) && signal != UInt64(SIGSTOP) {
            tape.resetSignal(signal)
        }
        tape.append(
            .signalMask, .flags("SIG_SETMASK", UInt64(SIG_SETMASK)),
            .structure("{}", [UInt8](repeating: 0, count: 8)), .null, .value(8))
        tape.append(.umask, .value(0o022))
        return tape
    }()

    /// A service that crashes shall end. Swift's own handlers would stop its threads and start a program that prints a
    /// backtrace, wait for both for ever, and leave a port that nobody answers on.
    mutating func forgetCrashHandlers() {
        begin("forget crash handlers")
        for signal in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] {
            resetSignal(UInt64(argument: signal))
        }
    }

    private mutating func resetSignal(_ signal: UInt64) {
        let handler = Argument.structure("{SIG_DFL}", [UInt8](repeating: 0, count: 32))
        append(.signalAction, .value(signal), handler, .null, .value(8))
    }

    /// The allow-list of system calls. Last but one: from here the tape may only execute the program or report and exit.
    ///
    /// Where the policy puts denied calls on record, the kernel makes a listener that hears of them (seccomp_unotify(2)), at the
    /// lowest free number, 4. The child hands it to the supervisor and never uses it; exec closes the child's copy, so that the
    /// job can't answer for itself.
    mutating func filterSystemCalls(_ confined: ConfinedPolicy, _ handles: Handles) {
        begin("filter system calls")
        let filter = Argument.filter(name: "sha256:\(confined.filterDigest)", program: confined.filter.bytes)
        let mode = Argument.flags("SECCOMP_SET_MODE_FILTER", UInt64(SECCOMP_SET_MODE_FILTER))
        guard confined.filter.records else {
            append(.seccomp, mode, .value(0), filter)
            return
        }
        append(.seccomp, mode, .flags("SECCOMP_FILTER_FLAG_NEW_LISTENER", CL_NEW_LISTENER), filter)
        append(
            .sendmsg, .job("report writer", UInt64(argument: handles.failureWriter)), .passing(descriptor: 4),
            .value(0))
    }

    /// The allow-list of a service that confines itself, in force for every thread that it will ever have.
    mutating func filterSystemCalls(_ filter: SeccompProgram, digest: Digest) {
        begin("filter system calls")
        append(
            .seccomp, .flags("SECCOMP_SET_MODE_FILTER", UInt64(SECCOMP_SET_MODE_FILTER)), .value(0),
            .filter(name: "sha256:\(digest)", program: filter.bytes))
    }

    /// The first byte of anything a job could have chosen.
    mutating func execute(_ program: Program) {
        begin("execute program")
        append(
            .execve, .text(program.path), .strings(program.arguments.map { Array($0.utf8) }),
            .strings(program.environment.map { Array($0.utf8) }))
    }
}
