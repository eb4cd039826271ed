import CSeccomp
import Policy
import Testing

@Suite("Shipped policies")
struct ShippedTests {
    @Test("compile to what libseccomp makes of them", arguments: Files.shipped, Architecture.allCases)
    func agreement(_ name: String, _ architecture: Architecture) throws {
        let source = try Files.shipped(name)
        let policy = try Policy(parsing: source)
        #expect(policy.name == name)
        #expect(try agree(source, policy, for: architecture) > 4000)
        #expect(try policy.seccomp.compile(for: architecture).records)
    }

    @Test("are each another builder: a weaker confinement is never the same one with less")
    func builders() throws {
        let builders = try Files.shipped.map { try Policy(parsing: Files.shipped($0)).builder }
        #expect(Set(builders).count == Files.shipped.count, "\(builders)")
    }

    /// The calls by which an attack on the host shows itself.
    static let telltales = [
        "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "process_madvise", "mount", "umount2",
        "pivot_root", "chroot", "fsopen", "fsconfig", "fsmount", "fspick", "open_tree", "move_mount", "mount_setattr",
        "unshare", "setns", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
        "io_uring_register", "add_key", "request_key", "keyctl", "init_module", "finit_module", "delete_module",
        "kexec_load", "kexec_file_load", "open_by_handle_at", "name_to_handle_at", "reboot", "swapon", "swapoff",
        "acct", "quotactl", "quotactl_fd", "syslog", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
        "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt", "fanotify_init", "mknod", "mknodat",
    ]

    @Test("put every tell-tale call on record, whatever its arguments", arguments: Files.shipped)
    func telltale(_ name: String) throws {
        let machine = try Machine(name)
        for call in Self.telltales {
            #expect(try machine.run(call) == Machine.notify, "\(call)")
            #expect(try machine.run(call, [.max, .max, .max, .max, .max, .max]) == Machine.notify, "\(call)")
        }
    }

    @Test("look at the arguments by which an innocent call turns into a tell-tale", arguments: Files.shipped)
    func arguments(_ name: String) throws {
        let machine = try Machine(name)
        #expect(try machine.run("clone", [0x3d0f00]) == Machine.allow)
        for flag: UInt64 in [0x80, 0x20000, 1 << 25, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30] {
            #expect(try machine.run("clone", [0x11 | flag]) == Machine.notify)
            #expect(try machine.run("clone", [0x11 | flag | 1 << 40]) == Machine.notify)
        }
        #expect(try machine.run("clone3") == Machine.absent)
        #expect(try machine.run("socket", [1]) == Machine.allow)
        #expect(try machine.run("socket", [40]) == Machine.notify, "AF_VSOCK reaches the hypervisor from any namespace")
        #expect(try machine.run("socket", [17]) == Machine.notify)
        #expect(try machine.run("socketpair", [1]) == Machine.allow)
        #expect(try machine.run("socketpair", [2]) == Machine.notify)
        // The kernel reads these as 32 bits, so the upper half must not hide them.
        for high: UInt64 in [0, 1 << 32, 0xffff_ffff << 32] {
            #expect(try machine.run("ioctl", [0, 0x5412 | high]) == Machine.notify)
            #expect(try machine.run("ioctl", [0, 0x541c | high]) == Machine.notify)
            #expect(try machine.run("fcntl", [0, 1024 | high]) == Machine.notify)
            #expect(try machine.run("prctl", [1 | high]) == Machine.notify)
        }
    }

    @Test("deny what innocent programs try, without a record")
    func quiet() throws {
        let machine = try Machine("strict")
        for call in [
            "setuid", "setresgid", "chown", "fchownat", "setxattr", "symlink", "memfd_create", "sched_setscheduler",
        ] {
            #expect(try machine.run(call) == Machine.denied, "\(call)")
        }
        #expect(try machine.run("prctl", [22]) == Machine.denied)
        #expect(try machine.run("ioctl", [0, 0x1234]) == Machine.denied)
    }

    @Test("gpu lets the driver's requests through and strict does not")
    func driver() throws {
        let (gpu, strict) = (try Machine("gpu"), try Machine("strict"))
        for request: UInt64 in [0xc020462a, 0xc00446d2, 37, 0x3000_0001] {
            #expect(try gpu.run("ioctl", [0, request]) == Machine.allow)
            #expect(try strict.run("ioctl", [0, request]) == Machine.denied)
        }
        #expect(try gpu.run("memfd_create") == Machine.allow)
    }

    @Test("open has the network's families, which lead nowhere, and no others")
    func families() throws {
        let machine = try Machine("open")
        for family: UInt64 in 0...64 {
            let expected = [1, 2, 10].contains(family) ? Machine.allow : family == 16 ? Machine.denied : Machine.notify
            #expect(try machine.run("socket", [family]) == expected, "\(family)")
        }
    }
}

/// A shipped policy's filter, asked by name.
private struct Machine {
    static let (allow, notify, denied, absent): (UInt32, UInt32, UInt32, UInt32) = (
        0x7fff_0000, 0x7fc0_0000, 0x0005_0001, 0x0005_0026
    )
    private let machine: FilterMachine

    init(_ name: String) throws {
        machine = try FilterMachine(try Policy(parsing: try Files.shipped(name)).seccomp.compile(for: .amd64).bytes)
    }

    func run(_ call: String, _ arguments: [UInt64] = []) throws -> UInt32 {
        let number = cseccomp_number(RuleReading.token(.amd64), call)
        #expect(number >= 0, "\(call)")
        let padded = arguments + [UInt64](repeating: 0, count: 6 - arguments.count)
        return try machine.run(CallSeen(number: number, architecture: RuleReading.token(.amd64), arguments: padded))
    }
}
