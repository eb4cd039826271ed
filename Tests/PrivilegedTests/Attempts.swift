extension Attempt {
    static let all =
        namespaces + kernel + interfaces + machine + sockets + processes + neighbours + files + inputs + escapes

    private static func each(_ names: [String], _ barriers: Barrier...) -> [Attempt] {
        names.map { Attempt($0, barriers) }
    }

    private static let namespaces =
        each(
            ["mnt", "pid", "net", "ipc", "uts", "cgroup"].flatMap { ["unshare \($0)", "clone \($0)"] }
                + ["unshare time"], .seccomp(), .capability())
        + each(["unshare user", "clone user"], .seccomp(), .namespace(.user, "ENOSPC"))
        + each(
            ["setns", "umount", "pivot_root", "chroot", "fsopen", "fspick", "open_tree", "move_mount"],
            .seccomp(), .capability())
        + each(["mount", "remount"], .seccomp(), .landlock("EPERM"), .capability())
        + each(["clone3"], .seccomp("ENOSYS")) + each(["mount_setattr"], .seccomp())

    private static let kernel = each(
        [
            "reboot", "swapon", "swapoff", "acct", "settimeofday", "sethostname", "setdomainname", "setgroups",
            "sched_setscheduler",
        ], .seccomp(), .capability())

    /// What is told without the filter depends on the kernel; with it, no kernel is asked.
    private static let interfaces = each(
        [
            "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "keyctl",
            "keyctl user keyring",
            "keyctl session keyring", "add_key", "request_key", "kexec_load",
            "init_module", "finit_module",
            "delete_module", "clock_settime", "clock_adjtime", "adjtimex", "syslog", "quotactl", "memfd_create",
            "memfd_secret", "kcmp", "fanotify_init", "move_pages", "migrate_pages", "set_mempolicy", "ioprio_set",
            "seccomp", "landlock_create_ruleset", "personality", "open_by_handle_at", "name_to_handle_at", "mq_open",
            "shmget", "semget", "msgget", "vmsplice", "tee", "TIOCSTI", "TIOCSTI, high bits", "TIOCLINUX", "F_SETLEASE",
            "F_SETLEASE, high bits", "F_NOTIFY", "chown", "fchownat", "setxattr",
        ], .seccomp())

    #if arch(x86_64)
        private static let machine =
            each(["iopl", "modify_ldt"], .seccomp())
            + each(["int 0x80", "setsockopt by int 0x80", "x32 call", "call -1"], .seccomp("SIGSYS"))
            // A later kernel may have it.
            + [Attempt("call 1073741823", .seccomp("ENOSYS"), control: false)]
    #else
        private static let machine: [Attempt] = []
    #endif

    private static let sockets =
        each(
            [
                "AF_INET", "AF_INET6", "AF_INET, high bits", "AF_UNIX, high bits", "raw socket", "AF_NETLINK",
                "AF_VSOCK",
                "AF_ALG", "socketpair AF_INET",
            ], .seccomp()) + [
            Attempt("AF_PACKET", .seccomp(), .capability()),
            Attempt(
                "connect to the host's loopback", .seccomp(), .landlock(abi: 4), .namespace(.network, "ENETUNREACH")),
            Attempt(
                "connect to the host's abstract socket", .namespace(.network, "ECONNREFUSED"),
                .landlock("EPERM", abi: 6)),
            Attempt("bind a socket in /out", .landlock()),
            Attempt("bind a socket in an open folder of the rootfs", .mounts("EROFS"), .landlock()),
        ]

    private static let processes =
        each(
            [
                "ptrace", "ptrace traceme", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "process_madvise",
                "PR_SET_PDEATHSIG", "PR_SET_PDEATHSIG, high bits", "PR_SET_KEEPCAPS", "PR_SET_CHILD_SUBREAPER",
                "PR_SET_DUMPABLE", "capset",
            ], .seccomp())
        + each(["setuid", "setgid"], .seccomp(), .namespace(.user, "EINVAL")) + [
            Attempt("PR_SET_SECUREBITS", .seccomp(), .capability()),
            Attempt("PR_SET_MM", .seccomp(), control: false),
            Attempt("raise RLIMIT_NOFILE", .capability(), control: false),
            Attempt("raise priority", .limit("EACCES")),
            Attempt("lock much memory", .limit("ENOMEM")),
        ]
}
