internal import CLinux
package import Linux
internal import SystemPackage

/// What a process may give up about itself. Each verb only ever takes away; none can be undone by the process.
extension OwnProcess {
    /// No core dump, no ptrace(2) by others of the same uid, /proc/self owned by root: PR_SET_DUMPABLE(2const).
    ///
    /// A change of uid sets the flag anew, so call it again after that.
    package static func forbidDumps() throws(LinuxError) {
        try Kernel.call("forbid dumps", Int(SYS_prctl), UInt64(PR_SET_DUMPABLE), 0)
    }

    /// exec can never again add a privilege: PR_SET_NO_NEW_PRIVS(2const).
    package static func forbidNewPrivileges() throws(LinuxError) {
        try Kernel.call("forbid new privileges", Int(SYS_prctl), UInt64(PR_SET_NO_NEW_PRIVS), 1)
    }

    /// What a process can be denied.
    package enum Resource: Sendable {
        case coreDumps, descriptors, processes

        fileprivate var number: UInt64 {
            switch self {
            case .coreDumps: UInt64(RLIMIT_CORE.rawValue)
            case .descriptors: UInt64(RLIMIT_NOFILE.rawValue)
            case .processes: UInt64(__RLIMIT_NPROC.rawValue)
            }
        }
    }

    /// Sets a resource's soft and hard limit to 0: setrlimit(2). What is in use stays in use.
    package static func forbid(_ resource: Resource) throws(LinuxError) {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        try withPointer(to: &limit) { limit throws(LinuxError) in
            try Kernel.call("limit resource", Int(SYS_prlimit64), 0, resource.number, limit, 0)
        }
    }

    /// Closes every descriptor from `first` on: close_range(2).
    package static func closeDescriptors(from first: UInt32) throws(LinuxError) {
        try Kernel.call("close descriptors", Int(SYS_close_range), UInt64(first), UInt64(UInt32.max), 0)
    }

    /// Leaves the host's network, mounts, System V IPC, host name and cgroup view: unshare(2), namespaces(7).
    package static func leaveNamespaces() throws(LinuxError) {
        let flags = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP
        try Kernel.call("leave namespaces", Int(SYS_unshare), UInt64(argument: flags))
    }

    /// Empties the bounding set, so that no exec could regain a capability: capabilities(7). Needs CAP_SETPCAP.
    package static func dropBoundingSet() throws(LinuxError) {
        for capability: UInt64 in 0..<64 {
            do {
                try Kernel.call("drop bounding set", Int(SYS_prctl), UInt64(PR_CAPBSET_DROP), capability)
            } catch  where error.errno == .invalidArgument {
                return  // one past the last capability that this kernel knows
            }
        }
    }

    /// Becomes `id`, real, effective and saved, user and group, in no other group: setgroups(2), setresuid(2).
    ///
    /// Groups first: without root they could no longer be given up.
    package static func become(_ id: UInt32) throws(LinuxError) {
        try Kernel.call("drop groups", Int(SYS_setgroups), 0, 0)
        try Kernel.call("become group", Int(SYS_setresgid), UInt64(id), UInt64(id), UInt64(id))
        try Kernel.call("become user", Int(SYS_setresuid), UInt64(id), UInt64(id), UInt64(id))
    }

    /// Clears the effective, permitted, inheritable and ambient sets: capset(2).
    package static func dropCapabilities() throws(LinuxError) {
        try Kernel.call(
            "drop ambient capabilities", Int(SYS_prctl), UInt64(PR_CAP_AMBIENT), UInt64(PR_CAP_AMBIENT_CLEAR_ALL))
        var header = __user_cap_header_struct(version: UInt32(_LINUX_CAPABILITY_VERSION_3), pid: 0)
        var none = (__user_cap_data_struct(), __user_cap_data_struct())
        try withPointer(to: &header) { header throws(LinuxError) in
            try withPointer(to: &none) { none throws(LinuxError) in
                try Kernel.call("drop capabilities", Int(SYS_capset), header, none)
            }
        }
    }

    /// Hears of the end of its children: with SIGCHLD ignored, which exec hands on, the kernel reaps them itself, and how a
    /// job ended would be lost (waitid(2) answers ECHILD).
    package static func waitForChildren() throws(LinuxError) {
        // struct sigaction of the kernel: handler, flags, restorer, mask, each of eight bytes; the handler 0 is SIG_DFL.
        var action: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        try withPointer(to: &action) { action throws(LinuxError) in
            try Kernel.call("reset SIGCHLD", Int(SYS_rt_sigaction), UInt64(SIGCHLD), action, 0, 8)
        }
    }
}
