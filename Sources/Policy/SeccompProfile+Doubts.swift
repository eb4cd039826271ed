extension SeccompProfile {
    /// What is wrong or doubtful in a profile.
    ///
    /// - Parameter root: where the profile stands in its file.
    /// - Returns: what was found, in no order.
    /// - Throws: `PolicyError.seccomp` when it can't be compiled.
    func doubts(below root: String) throws(PolicyError) -> [Doubt] {
        let rules = try resolved(for: platform.architecture)
        let calls = CallDoubts(profile: self, rules: rules, root: root)
        return shape(root) + names(root) + calls.launch + calls.dangers + calls.clones + calls.halves
    }

    private func shape(_ root: String) -> [Doubt] {
        var doubts: [Doubt] = []
        if defaultAction == .allow || defaultAction == .log {
            doubts.append(
                Doubt(
                    .error, "\(root)/defaultAction",
                    "allows every call that no rule names, also those of later kernels",
                    "write SCMP_ACT_ERRNO, and rules for what is allowed"))
        }
        if architectures.isEmpty {
            doubts.append(
                Doubt(
                    .warning, root, "has no architectures, so it is taken for whatever machine reads it",
                    "write \"architectures\": [\"\(platform.architecture.seccompName)\"]"))
        }
        for name in architectures where ["SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_ARM"].contains(name) {
            doubts.append(
                Doubt(
                    .warning, "\(root)/\(architecturesField)",
                    "lists \(name), whose calls kill a process here all the same",
                    "remove it; programs of that kind don't run"))
        }
        for rule in rules where rule.action == .errno(0) {
            doubts.append(
                Doubt(
                    .warning, "\(root)/syscalls/\(rule.position)/errnoRet",
                    "is 0: the call does nothing and says that it succeeded", "write 1 for EPERM, or 38 for ENOSYS"))
        }
        return doubts
    }
}

/// What a profile lets through, call by call.
struct CallDoubts {
    let profile: SeccompProfile
    let rules: SeccompRules
    let root: String

    func doubt(_ severity: PolicyFinding.Severity, _ name: String, _ problem: String, _ remedy: String) -> Doubt {
        let place = profile.place(of: name) ?? "/defaultAction"
        return Doubt(severity, "\(root)\(place)", "\(name) \(problem)", remedy)
    }

    /// What becomes of a call by name; nil when the architecture lacks it.
    func decision(_ name: String) -> SeccompRules.Decision? {
        SeccompRules.number(name, rules.architecture).map(rules.decision)
    }

    /// Calls that the launch itself makes when the filter is on already, and every program after it.
    var launch: [Doubt] {
        var doubts: [Doubt] = []
        for name in ["execve", "exit_group", "write"] {
            guard case .always(let action)? = decision(name), !action.passes else { continue }
            doubts.append(
                doubt(.error, name, "is \(action.words), so no job could start", "allow it without conditions"))
        }
        guard rules.records else { return doubts }
        for name in ["sendmsg", "write", "read", "execve"] where !isFree(name) {
            doubts.append(
                doubt(
                    .error, name,
                    "is not allowed without conditions, and the launch needs it to hand out the listener that "
                        + "SCMP_ACT_NOTIFY asks for", "allow it without conditions, or record nothing"))
        }
        return doubts
    }

    func isFree(_ name: String) -> Bool {
        guard case .always(let action)? = decision(name) else { return false }
        return action.passes
    }

    var dangers: [Doubt] {
        Danger.all.compactMap { danger in
            guard isFree(danger.name) else { return nil }
            return doubt(
                danger.severity, danger.name, "is allowed whatever its arguments: \(danger.reason)",
                "remove it, or write SCMP_ACT_NOTIFY to deny it and put it on record")
        }
    }
}

extension SeccompProfile.Action {
    /// Whether the kernel makes the call.
    var passes: Bool { self == .allow || self == .log }
}

/// A call that no training needs and that an attack on the host does.
private struct Danger {
    let severity: PolicyFinding.Severity
    let name: String
    let reason: String

    static let all =
        table(
            .error, "it makes or joins namespaces, and with them capabilities", "unshare", "setns")
        + table(
            .error, "it changes what the job sees as files", "mount", "umount2", "pivot_root", "fsopen", "fsmount",
            "move_mount", "open_tree", "mount_setattr")
        + table(
            .error, "a large part of the kernel lies behind it", "bpf", "perf_event_open", "userfaultfd",
            "io_uring_setup",
            "io_uring_enter", "io_uring_register")
        + table(.error, "keys are shared between jobs of one user", "keyctl", "add_key", "request_key")
        + table(.error, "it opens files that no path leads to", "open_by_handle_at")
        + table(
            .error, "it changes the running kernel", "kexec_load", "kexec_file_load", "init_module", "finit_module",
            "delete_module", "reboot", "iopl", "ioperm")
        + table(
            .warning, "it reads and writes other processes of the job", "ptrace", "process_vm_readv",
            "process_vm_writev",
            "pidfd_getfd")
        + table(.warning, "it switches protections of memory off", "personality")
        + table(.warning, "old code for 16-bit programs lies behind it", "modify_ldt")

    private static func table(_ severity: PolicyFinding.Severity, _ reason: String, _ names: String...) -> [Danger] {
        names.map { Danger(severity: severity, name: $0, reason: reason) }
    }
}
