extension Attempt {
    /// Processes of the host: they have no number in a job's world.
    static let neighbours =
        [
            "kill a process of the host", "pidfd_open of the host", "prlimit of the host",
            "tgkill of the host", "rt_sigqueueinfo to the host", "sched_setaffinity of the host",
            "setpriority of the host",
        ].map { Attempt($0, .namespace(.process, "ESRCH")) }
        + ["ptrace of the host", "process_vm_readv of the host", "kcmp of the host"].map {
            Attempt($0, .seccomp(), .namespace(.process, "ESRCH"))
        }
        + ["environ", "mem", "maps", "root", "cwd", "fd", "exe", "status", "ns"].map {
            Attempt("\($0) of the host", .namespace(.process, "ENOENT"))
        }
        + [
            Attempt("read back its output", .permission()),
            Attempt("getsid of the host", .namespace(.process, "ESRCH")),
            // A control with others to signal would signal them.
            Attempt("kill a group of the host", .namespace(.process, "ESRCH"), control: false),
            Attempt("kill(-1)", .namespace(.process, "ESRCH"), control: false),
        ]

    static let files =
        ["mkfifo", "symlink", "symlinkat"].map { Attempt($0, .seccomp(), .landlock()) }
        + ["link", "linkat"].map { Attempt($0, .seccomp(), .mounts("EXDEV")) }
        + [Attempt("mknod device", .seccomp(), .landlock(), .capability())]
        + [
            "read /etc/shadow", "read /proc/1/root/etc/shadow", "write core_pattern", "read kallsyms", "open /proc/sys",
            "open /proc/keys", "open /proc/partitions", "open /proc/meminfo", "open /proc/stat", "read /sys/fs/cgroup",
            "open /dev/vda",
            "open /dev/kmsg", "open /dev/loop-control", "open /dev/tty", "open /dev/fuse", "open /dev/mem",
            "open /dev/kvm", "read a file of the host",
        ].map { Attempt($0, .mounts("ENOENT")) } + [
            // Not every kernel has them.
            Attempt("write sysrq-trigger", .mounts("ENOENT"), control: false),
            Attempt("open /proc/kcore", .mounts("ENOENT"), control: false),
        ]

    /// What is there and must stay as it is.
    static let inputs =
        [
            Attempt("execute an input", .mounts("EACCES")),
            Attempt("change a device's mode", .mounts("EROFS"), .permission("EPERM")),
        ]
        + [
            "make a file in an open folder of the rootfs", "write an open file of the rootfs", "write an input",
        ].map { Attempt($0, .mounts("EROFS"), .landlock()) }
        + [Attempt("truncate an input", .mounts("EROFS"), .landlock(abi: 3))]
        + [Attempt("rename an input", .mounts("EROFS"))]
        + ["make a file in /", "make a file in /in", "make a file in /dev", "remove an input", "remove a device"].map {
            Attempt($0, .mounts("EROFS"), .permission())
        }
        + ["write an input of ours", "write another program"].map { Attempt($0, .permission(), .mounts("EROFS")) }
        // Of root, the kernel says that it runs (ETXTBSY).
        + ["write the program that runs", "write the first program", "write the program that runs, reopened"].map {
            Attempt($0, .permission())
        }

    /// Ways out that once worked.
    static let escapes = [
        Attempt("leave by a leaked folder", .mounts("EBADF")),
        Attempt("leave by the working directory", .mounts("ENOENT")),
        Attempt("fsconfig", .seccomp()),
        Attempt("fsmount", .seccomp(), .capability()),
        Attempt("fsconfig in a user namespace", .seccomp(), .namespace(.user, "ENOSPC")),
        Attempt("mount cgroup, write release_agent", .seccomp(), .capability()),
        Attempt("mount overlay", .seccomp(), .capability()),
        Attempt("a user and a mount namespace for an overlay", .seccomp(), .namespace(.user, "ENOSPC")),
        // Nosuid mounts, and no_new_privs.
        Attempt("run a setuid program", .mounts("EPERM"), .capability()),
        Attempt("run a setuid program without arguments", .mounts("EPERM"), .capability()),
        Attempt("write /proc/cpuinfo", .permission(), .mounts("EROFS")),
        Attempt("mount over /proc/cpuinfo", .seccomp(), .landlock("EPERM"), .capability()),
        Attempt("unmount /proc/cpuinfo", .seccomp(), .landlock("EPERM"), .capability()),
        Attempt("remount /proc whole", .seccomp(), .landlock("EPERM"), .capability()),
        Attempt("execute a program made in /out", .mounts("EACCES")),
        Attempt("execute a program made in /tmp", .mounts("EACCES")),
    ]

    /// What does all that it is meant to where nothing stops it; of the others it is enough that a kernel is reached.
    static let real = (neighbours + files + inputs + escapes).filter { attempt in
        attempt.hasControl && !attempt.name.hasPrefix("write the ")
            && !["execute an input", "process_vm_readv of the host", "kcmp of the host", "fsconfig", "fsmount"]
                .contains(attempt.name)
    }

    /// What a numeric program needs, and is given.
    static let permitted = [
        "fork": "done", "ask for a terminal": "ENOTTY", "AF_UNIX": "done", "F_GETFL": "done", "PR_SET_NAME": "done",
        "map memory": "done", "write to /out": "done", "write to /dev/shm": "done", "write to /dev/null": "done",
        "read /dev/urandom": "done",
        // Which another job that reads the same file can see: not a wall, see docs/threat-model.md.
        "lock an input": "done",
    ]
}
