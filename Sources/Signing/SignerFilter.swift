internal import CSeccomp
internal import Glibc

/// The system calls that a signer has left; any other kills the process (SECCOMP_RET_KILL_PROCESS, seccomp(2)).
enum SignerFilter {
    /// How much is left depends on where the key is.
    enum Profile: Equatable {
        /// In this process: nothing but the conversation.
        case strict
        /// Nowhere: this process has a TPM's descriptor, for quotes.
        case device
        /// In a token, whose library goes on talking to it over what it has open, and, with a folder, through its files.
        case token(files: String?)

        /// The last descriptor that stays open: the supervisor's socket, or the TPM; nil where a library knows.
        var highestDescriptor: UInt32? {
            switch self {
            case .strict: 3
            case .device: 4
            case .token: nil
            }
        }
    }

    private typealias Call = (name: String, condition: scmp_arg_cmp?)

    private static func calls(_ profile: Profile) -> [Call] {
        switch profile {
        case .strict: own + conversation(with: 3)
        case .device: own + conversation(with: 3) + conversation(with: 4)
        case .token(nil): own + connection
        case .token(.some): own + connection + files
        }
    }

    private static func conversation(with descriptor: UInt64) -> [Call] {
        ["read", "write"].map { (name: $0, condition: equals(argument: 0, descriptor)) }
    }

    /// Each call, why it is needed, and why it is harmless in hostile hands.
    private static let own: [Call] = [
        // Last words, on standard error.
        ("write", equals(argument: 0, 2)),
        // Memory for statements, never executable: PROT_EXEC is bit 2 of the third argument.
        ("brk", nil),
        ("mmap", lacks(argument: 2, UInt64(PROT_EXEC))),
        ("mprotect", lacks(argument: 2, UInt64(PROT_EXEC))),
        ("mremap", nil),
        ("munmap", nil),
        ("madvise", nil),
        // The nonce of a signature; OpenSSL asks getpid whether it was forked.
        ("getrandom", nil),
        ("getpid", nil),
        // Locks of the Swift runtime and of OpenSSL.
        ("futex", nil),
        // The clock, on machines where the vDSO does not answer for it.
        ("clock_gettime", nil),
        // To end.
        ("rt_sigreturn", nil),
        ("close", nil),
        ("exit", nil),
        ("exit_group", nil),
    ]

    /// A library that keeps its connection to a token: to a TPM's device, or by a socket. No new one can be made, and no address given.
    private static let connection: [Call] = [
        ("read", nil), ("write", nil), ("readv", nil), ("writev", nil),
        ("recvfrom", nil), ("recvmsg", nil), ("sendto", equals(argument: 4, 0)), ("sendmsg", nil),
        ("poll", nil), ("ppoll", nil), ("clock_nanosleep", nil), ("gettimeofday", nil), ("rt_sigprocmask", nil),
        ("gettid", nil),
    ]

    /// A library whose token is a folder, which is all that there is to open (`Lockdown`).
    private static let files: [Call] = [
        ("openat", nil), ("fstat", nil), ("newfstatat", nil), ("statx", nil), ("lseek", nil), ("pread64", nil),
        ("pwrite64", nil), ("getdents64", nil), ("fcntl", nil), ("flock", nil), ("fsync", nil), ("ftruncate", nil),
        ("unlink", nil),
        ("access", nil), ("faccessat", nil), ("faccessat2", nil), ("readlink", nil), ("open", nil), ("stat", nil),
        ("umask", nil),
    ]

    /// Compiles and loads the filter, for every thread (there should be one).
    ///
    /// - Parameter profile: what is left.
    /// - Throws: `SigningError.signerFailed` with the call that libseccomp does not take.
    static func load(_ profile: Profile = .strict) throws(SigningError) {
        guard let filter = seccomp_init(killProcess) else { throw .signerFailed("seccomp: no memory for a filter") }
        defer { seccomp_release(filter) }
        try check(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, killProcess), "foreign architectures")
        try check(seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1), "all threads")
        for (name, condition) in calls(profile) {
            let number = seccomp_syscall_resolve_name(name)
            let conditions = condition.map { [$0] } ?? []
            try check(
                seccomp_rule_add_array(filter, allow, number, UInt32(conditions.count), conditions), "allow \(name)")
        }
        if case .token = profile {
            // Such a library has words for syslog(3) when its token is gone: it shall find no way there, and tell us instead.
            try check(
                seccomp_rule_add_array(filter, refuse, seccomp_syscall_resolve_name("socket"), 0, []), "refuse socket")
        }
        try check(seccomp_load(filter), "load filter")
    }

    private static func check(_ answer: Int32, _ stage: String) throws(SigningError) {
        guard answer == 0 else { throw .signerFailed("seccomp: \(stage): errno \(-answer)") }
    }

    // SCMP_ACT_KILL_PROCESS, SCMP_ACT_ALLOW and SCMP_ACT_ERRNO are casts in a macro, which Swift does not import.
    private static let killProcess: UInt32 = 0x8000_0000
    private static let allow: UInt32 = 0x7fff_0000
    private static let refuse: UInt32 = 0x0005_0000 | UInt32(EACCES)

    private static func equals(argument: UInt32, _ value: UInt64) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: argument, op: SCMP_CMP_EQ, datum_a: value, datum_b: 0)
    }

    private static func lacks(argument: UInt32, _ mask: UInt64) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: 0)
    }
}
