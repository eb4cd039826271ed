/// One thing that a job may not do, and what must stop it.
struct Attempt: Sendable, CustomStringConvertible {
    /// The first wall in the way, under the strict policy.
    enum Wall: Sendable { case filter, mounts, processes, network, permission }

    let name: String
    let wall: Wall
    /// What the job is told.
    let answer: String
    /// What it is told when the filter allows everything: the wall behind. Nil where the filter stands alone, or where the
    /// answer depends on how the kernel was built.
    let behind: String?
    /// False where even root of this kind of machine gets the same answer, so that a control would show nothing.
    let hasControl: Bool

    init(
        _ name: String, _ wall: Wall = .filter, _ answer: String = "EPERM", behind: String? = nil, control: Bool = true
    ) {
        self.name = name
        self.wall = wall
        self.answer = answer
        self.behind = wall == .filter ? behind : answer
        hasControl = control
    }

    var description: String { name }

    static let all = namespaces + kernel + interfaces + files + sockets + processes

    private static let namespaces =
        ["mnt", "pid", "net", "ipc", "uts", "cgroup"].flatMap {
            [Attempt("unshare \($0)", behind: "EPERM"), Attempt("clone \($0)", behind: "EPERM")]
        }
        + [
            "setns", "mount", "remount", "umount", "pivot_root", "chroot", "fsopen", "fspick", "open_tree",
            "move_mount",
        ]
        .map { Attempt($0, behind: "EPERM") } + [
            Attempt("unshare time", behind: "EPERM"), Attempt("unshare user", behind: "ENOSPC"),
            Attempt("clone user", behind: "ENOSPC"),
            Attempt("clone3", .filter, "ENOSYS"), Attempt("mount_setattr"),
        ]

    /// Behind the filter there is no capability for these either.
    private static let kernel = [
        "reboot", "swapon", "swapoff", "acct", "settimeofday", "sethostname", "setdomainname", "setgroups",
    ]
    .map { Attempt($0, behind: "EPERM") }

    /// What is told without the filter depends on the kernel; with it, no kernel is asked.
    private static let interfaces =
        [
            "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "keyctl",
            "keyctl user keyring",
            "add_key", "request_key", "kexec_load", "init_module", "finit_module", "delete_module", "clock_settime",
            "clock_adjtime", "adjtimex", "syslog", "quotactl", "memfd_create", "kcmp", "fanotify_init", "move_pages",
            "seccomp",
            "personality", "open_by_handle_at", "name_to_handle_at", "TIOCSTI", "TIOCSTI, high bits", "TIOCLINUX",
            "F_SETLEASE",
            "F_SETLEASE, high bits", "F_NOTIFY", "chown", "fchownat", "setxattr", "mkfifo", "symlink", "symlinkat",
        ].map { Attempt($0) } + machine

    #if arch(x86_64)
        private static let machine = [
            Attempt("iopl"), Attempt("modify_ldt"), Attempt("int 0x80", .filter, "SIGSYS", behind: "SIGSYS"),
            Attempt("x32 call", .filter, "SIGSYS", behind: "SIGSYS"),
        ]
    #else
        private static let machine: [Attempt] = []
    #endif

    private static let files =
        [
            Attempt("mknod device", behind: "EPERM"), Attempt("link", behind: "EXDEV", control: true),
            Attempt("linkat", behind: "EXDEV"),
        ]
        + [
            "read /etc/shadow", "read /proc/1/root/etc/shadow", "write core_pattern", "read kallsyms",
            "read /sys/fs/cgroup",
            "open /dev/vda", "open /dev/kmsg", "open /dev/loop-control", "open /dev/tty", "open /dev/fuse",
            "read a file of the host",
        ].map { Attempt($0, .mounts, "ENOENT") } + [
            Attempt("write sysrq-trigger", .mounts, "ENOENT", control: false)  // not every kernel has it
        ]
        + [
            "make a file in /", "make a file in an open folder of the rootfs", "write an open file of the rootfs",
            "write an input", "make a file in /in", "remove an input", "make a file in /dev", "remove a device",
            "change a device's mode",
        ].map { Attempt($0, .mounts, "EROFS") } + [
            Attempt("write an input of ours", .permission, "EACCES"),
            Attempt("write the program that runs", .permission, "EACCES"),
        ]

    private static let sockets =
        [
            "AF_INET", "AF_INET6", "AF_INET, high bits", "AF_UNIX, high bits", "raw socket", "AF_NETLINK", "AF_VSOCK",
            "AF_ALG",
            "socketpair AF_INET",
        ].map { Attempt($0) } + [
            Attempt("AF_PACKET", behind: "EPERM"), Attempt("connect to the host's loopback", behind: "ENETUNREACH"),
            Attempt("connect to the host's abstract socket", .network, "ECONNREFUSED"),
        ]

    private static let processes =
        [
            "kill a process of the host", "pidfd_open of the host", "prlimit of the host",
        ].map { Attempt($0, .processes, "ESRCH") }
        // A control with others to signal would signal them.
        + [Attempt("kill(-1)", .processes, "ESRCH", control: false)]
        + [
            "ptrace", "ptrace traceme", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "process_madvise",
            "PR_SET_PDEATHSIG", "PR_SET_PDEATHSIG, high bits", "PR_SET_KEEPCAPS", "PR_SET_CHILD_SUBREAPER",
            "PR_SET_DUMPABLE",
            "capset",
        ].map { Attempt($0) } + [
            Attempt("PR_SET_SECUREBITS", behind: "EPERM"), Attempt("setuid", behind: "EINVAL"),
            Attempt("setgid", behind: "EINVAL"),
            Attempt("PR_SET_MM", control: false), Attempt("raise RLIMIT_NOFILE", .permission, "EPERM", control: false),
            Attempt("raise priority", .permission, "EACCES"),
        ]

    /// What Landlock tells where the filter is off; the walls behind it would have told something else.
    static let landlocked = [
        "mknod device": "EACCES", "connect to the host's loopback": "EACCES",
    ]

    /// What a numeric program needs, and is given.
    static let permitted = [
        "fork": "done", "ask for a terminal": "ENOTTY", "AF_UNIX": "done", "F_GETFL": "done", "PR_SET_NAME": "done",
        "map memory": "done", "write to /out": "done", "write to /dev/shm": "done", "write to /dev/null": "done",
        "read /dev/urandom": "done",
    ]
}
