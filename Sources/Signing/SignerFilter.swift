internal import CSeccomp
internal import Glibc

/// The system calls that a signer has left; any other kills the process (SECCOMP_RET_KILL_PROCESS, seccomp(2)).
enum SignerFilter {
    /// Each call, why it is needed, and why it is harmless in hostile hands.
    private static let calls: [(name: String, condition: scmp_arg_cmp?)] = [
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

    /// Compiles and loads the filter, for every thread (there should be one).
    ///
    /// - Parameter conversations: descriptors that may be read and written: the supervisor's socket, and a TPM.
    /// - Throws: `SigningError.signerFailed` with the call that libseccomp does not take.
    static func load(conversations: ClosedRange<UInt64> = 3...3) throws(SigningError) {
        guard let filter = seccomp_init(killProcess) else { throw .signerFailed("seccomp: no memory for a filter") }
        defer { seccomp_release(filter) }
        try check(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, killProcess), "foreign architectures")
        try check(seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1), "all threads")
        let talk = conversations.flatMap { descriptor in
            ["read", "write"].map { (name: $0, condition: equals(argument: 0, descriptor)) }
        }
        for (name, condition) in calls + talk {
            let number = seccomp_syscall_resolve_name(name)
            let conditions = condition.map { [$0] } ?? []
            try check(
                seccomp_rule_add_array(filter, allow, number, UInt32(conditions.count), conditions), "allow \(name)")
        }
        try check(seccomp_load(filter), "load filter")
    }

    private static func check(_ answer: Int32, _ stage: String) throws(SigningError) {
        guard answer == 0 else { throw .signerFailed("seccomp: \(stage): errno \(-answer)") }
    }

    // SCMP_ACT_KILL_PROCESS and SCMP_ACT_ALLOW are casts in a macro, which Swift does not import.
    private static let killProcess: UInt32 = 0x8000_0000
    private static let allow: UInt32 = 0x7fff_0000

    private static func equals(argument: UInt32, _ value: UInt64) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: argument, op: SCMP_CMP_EQ, datum_a: value, datum_b: 0)
    }

    private static func lacks(argument: UInt32, _ mask: UInt64) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: 0)
    }
}
