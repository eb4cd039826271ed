import CLinux
import Glibc

/// One thing that somebody who has taken the gateway over would try.
struct Attempt {
    let name: String
    let run: () -> Int

    init(_ name: String, _ run: @escaping () -> Int) {
        self.name = name
        self.run = run
    }

    /// Read at the first attempt, which is one before the confinement.
    private static let limitBefore: rlimit = {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(7), &limit)
        return limit
    }()

    static func all(_ setting: Setting) -> [Attempt] {
        files(setting) + network(setting) + processes(setting) + kernels(setting) + identity()
    }

    private static func files(_ setting: Setting) -> [Attempt] {
        func open(_ path: String, _ flags: Int32) -> Int {
            withText(path) { opening(Int(SYS_openat), UInt64(bitPattern: Int64(AT_FDCWD)), $0, UInt64(flags), 0o600) }
        }
        return [
            Attempt("read-secret") { open(setting.secret, O_RDONLY) },
            Attempt("list-folder") { open(setting.folder, O_RDONLY | O_DIRECTORY) },
            Attempt("write-file") { open("\(setting.folder)/made", O_WRONLY | O_CREAT) },
            Attempt("write-root") {
                let answer = open("/aibom-probe", O_WRONLY | O_CREAT)
                unlink("/aibom-probe")
                return answer
            },
            Attempt("write-own-proc") { open("/proc/self/comm", O_WRONLY) },
            Attempt("read-status-of-init") { open("/proc/1/status", O_RDONLY) },
            Attempt("read-cpu-facts") { open("/proc/cpuinfo", O_RDONLY) },
            Attempt("make-folder") {
                let answer = withText("\(setting.folder)/folder") { kernel(Int(SYS_mkdir), $0, 0o700) }
                rmdir("\(setting.folder)/folder")
                return answer
            },
            Attempt("change-mode") { withText(setting.secret) { kernel(Int(SYS_chmod), $0, 0o600) } },
            Attempt("memory-file") { withText("x") { opening(Int(SYS_memfd_create), $0, 0) } },
        ]
    }

    private static func network(_ setting: Setting) -> [Attempt] {
        func socket(_ family: Int32) -> Int { opening(Int(SYS_socket), UInt64(family), UInt64(SOCK_DGRAM.rawValue), 0) }
        return [
            Attempt("connect-tcp") { connectTo(port: setting.port) },
            Attempt("connect-other-socket") { connectTo(setting.otherSocket) },
            Attempt("socket-inet6") { socket(AF_INET6) },
            Attempt("socket-netlink") { opening(Int(SYS_socket), UInt64(AF_NETLINK), UInt64(SOCK_RAW.rawValue), 0) },
            Attempt("socket-packet") { opening(Int(SYS_socket), UInt64(AF_PACKET), UInt64(SOCK_RAW.rawValue), 0) },
        ]
    }

    private static func processes(_ setting: Setting) -> [Attempt] {
        let victim = UInt64(setting.victim)
        return [
            Attempt("fork") { inChild { 0 } },
            Attempt("execute") {
                inChild {
                    withText("/bin/true") { path in
                        withText("") { _ in kernel(Int(SYS_execve), path, 0, 0) }
                    }
                }
            },
            Attempt("execute-here") { withText("/nowhere") { kernel(Int(SYS_execve), $0, 0, 0) } },
            Attempt("signal") { kernel(Int(SYS_kill), victim, 0) },
            Attempt("signal-by-descriptor") { opening(Int(SYS_pidfd_open), victim, 0) },
            Attempt("trace") {
                let answer = kernel(Int(SYS_ptrace), 0x4206, victim, 0, 0)  // PTRACE_SEIZE
                if answer == 0 { inDetach(setting.victim) }
                return answer
            },
            Attempt("read-memory") {
                var byte: UInt8 = 0
                return withUnsafeMutablePointer(to: &byte) { place in
                    var own = iovec(iov_base: place, iov_len: 1)
                    var other = iovec(iov_base: nil, iov_len: 0)
                    return withUnsafePointer(to: &own) { own in
                        withUnsafePointer(to: &other) {
                            kernel(
                                Int(SYS_process_vm_readv), victim, UInt64(UInt(bitPattern: own)), 1,
                                UInt64(UInt(bitPattern: $0)), 1, 0)
                        }
                    }
                }
            },
        ]
    }

    private static func inDetach(_ victim: Int32) {
        _ = kernel(Int(SYS_ptrace), 0x4207, UInt64(victim), 0, 0)  // PTRACE_INTERRUPT
        waitpid(victim, nil, 0x4000_0000)  // __WALL
        _ = kernel(Int(SYS_ptrace), 17, UInt64(victim), 0, 0)  // PTRACE_DETACH
    }

    private static func kernels(_ setting: Setting) -> [Attempt] {
        [
            Attempt("mount") {
                let answer = withText("none") { source in
                    withText(setting.folder) { target in
                        withText("tmpfs") { kernel(Int(SYS_mount), source, target, $0, 0, 0) }
                    }
                }
                if answer == 0 { umount2(setting.folder, 2) }
                return answer
            },
            Attempt("open-tree") {
                withText("/") { opening(Int(SYS_open_tree), UInt64(bitPattern: Int64(AT_FDCWD)), $0, 1) }
            },
            Attempt("new-user-namespace") { inChild { kernel(Int(SYS_unshare), UInt64(CLONE_NEWUSER)) } },
            Attempt("new-mount-namespace") { inChild { kernel(Int(SYS_unshare), UInt64(CLONE_NEWNS)) } },
            Attempt("unshare-here") { kernel(Int(SYS_unshare), 0) },
            Attempt("change-root") { inChild { withText("/") { kernel(Int(SYS_chroot), $0) } } },
            Attempt("change-root-here") { withText("/") { kernel(Int(SYS_chroot), $0) } },
            Attempt("code-memory") {
                let page = mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                guard page != MAP_FAILED else { return Int(errno) }
                munmap(page, 4096)
                return 0
            },
            Attempt("io-uring") {
                var parameters = [UInt64](repeating: 0, count: 15)
                return parameters.withUnsafeMutableBytes {
                    opening(Int(SYS_io_uring_setup), 1, UInt64(UInt(bitPattern: $0.baseAddress)))
                }
            },
            Attempt("keyring") { kernel(Int(SYS_keyctl), 0, UInt64(bitPattern: -3), 1) },
            Attempt("userfaultfd") { opening(Int(SYS_userfaultfd), 0) },
            Attempt("host-name") {
                var name = utsname()
                uname(&name)
                let length = withUnsafeBytes(of: &name.nodename) { $0.firstIndex(of: 0) ?? 0 }
                return withUnsafeBytes(of: &name.nodename) {
                    kernel(Int(SYS_sethostname), UInt64(UInt(bitPattern: $0.baseAddress)), UInt64(length))
                }
            },
        ]
    }

    private static func identity() -> [Attempt] {
        [
            Attempt("become-root") { inChild { kernel(Int(SYS_setresuid), 0, 0, 0) } },
            Attempt("become-root-here") { kernel(Int(SYS_setresuid), 0, 0, 0) },
            Attempt("join-group-here") { kernel(Int(SYS_setgroups), 0, 0) },
            Attempt("dumpable") { kernel(Int(SYS_prctl), UInt64(PR_SET_DUMPABLE), 1) },
            Attempt("raise-limit") {
                // What the process could open before it was confined.
                var limit = limitBefore
                return withUnsafePointer(to: &limit) {
                    kernel(Int(SYS_prlimit64), 0, 7, UInt64(UInt(bitPattern: $0)), 0)
                }
            },
        ]
    }
}
