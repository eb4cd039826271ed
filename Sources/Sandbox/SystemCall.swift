internal import CLinux

/// A system call by name and number; the name is what a tape's canonical form shows.
package struct SystemCall: Equatable, Sendable {
    package let name: String
    package let number: Int

    static let capset = SystemCall(name: "capset", number: Int(SYS_capset))
    static let chdir = SystemCall(name: "chdir", number: Int(SYS_chdir))
    static let close = SystemCall(name: "close", number: Int(SYS_close))
    static let closeRange = SystemCall(name: "close_range", number: Int(SYS_close_range))
    static let dup3 = SystemCall(name: "dup3", number: Int(SYS_dup3))
    static let execve = SystemCall(name: "execve", number: Int(SYS_execve))
    static let landlockAddRule = SystemCall(name: "landlock_add_rule", number: Int(SYS_landlock_add_rule))
    static let landlockCreateRuleset = SystemCall(
        name: "landlock_create_ruleset", number: Int(SYS_landlock_create_ruleset))
    static let landlockRestrictSelf = SystemCall(
        name: "landlock_restrict_self", number: Int(SYS_landlock_restrict_self))
    static let mount = SystemCall(name: "mount", number: Int(SYS_mount))
    static let moveMount = SystemCall(name: "move_mount", number: Int(SYS_move_mount))
    static let openat = SystemCall(name: "openat", number: Int(SYS_openat))
    static let pivotRoot = SystemCall(name: "pivot_root", number: Int(SYS_pivot_root))
    static let prctl = SystemCall(name: "prctl", number: Int(SYS_prctl))
    static let prlimit = SystemCall(name: "prlimit64", number: Int(SYS_prlimit64))
    static let read = SystemCall(name: "read", number: Int(SYS_read))
    static let seccomp = SystemCall(name: "seccomp", number: Int(SYS_seccomp))
    static let sendmsg = SystemCall(name: "sendmsg", number: Int(SYS_sendmsg))
    static let setdomainname = SystemCall(name: "setdomainname", number: Int(SYS_setdomainname))
    static let setgroups = SystemCall(name: "setgroups", number: Int(SYS_setgroups))
    static let sethostname = SystemCall(name: "sethostname", number: Int(SYS_sethostname))
    static let setns = SystemCall(name: "setns", number: Int(SYS_setns))
    static let setresgid = SystemCall(name: "setresgid", number: Int(SYS_setresgid))
    static let setresuid = SystemCall(name: "setresuid", number: Int(SYS_setresuid))
    static let setsid = SystemCall(name: "setsid", number: Int(SYS_setsid))
    static let signalAction = SystemCall(name: "rt_sigaction", number: Int(SYS_rt_sigaction))
    static let signalMask = SystemCall(name: "rt_sigprocmask", number: Int(SYS_rt_sigprocmask))
    static let umask = SystemCall(name: "umask", number: Int(SYS_umask))
    static let umount = SystemCall(name: "umount2", number: Int(SYS_umount2))
    static let unshare = SystemCall(name: "unshare", number: Int(SYS_unshare))
    static let write = SystemCall(name: "write", number: Int(SYS_write))
}
