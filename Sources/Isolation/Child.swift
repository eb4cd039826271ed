internal import CLinux
package import Linux
internal import SystemPackage

/// How a process ended, and what it used.
package struct Ending: Equatable, Sendable {
    package enum Status: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    package let status: Status
    /// Time on a CPU in user mode and in the kernel, in microseconds, of the process and every child it waited for.
    package let userMicroseconds: Int64
    package let systemMicroseconds: Int64

    package init(status: Status, userMicroseconds: Int64, systemMicroseconds: Int64) {
        self.status = status
        self.userMicroseconds = userMicroseconds
        self.systemMicroseconds = systemMicroseconds
    }
}

/// A child process with exactly one owner: killed and reaped when the owner goes, so none is ever left behind.
package struct Child: ~Copyable, Sendable {
    package let pid: Int32
    /// For poll(2): readable once the child has ended.
    package let pidfd: Int32

    package init(pid: Int32, pidfd: consuming OwnedDescriptor) {
        self.pid = pid
        self.pidfd = pidfd.release()
    }

    deinit {
        try? Child.signal(pidfd, SIGKILL)
        _ = try? Child.reap(pidfd)
        _ = OwnedDescriptor(owning: pidfd)
    }

    /// Sends a signal; a child that has ended already is no error.
    package borrowing func signal(_ number: Int32) throws(LinuxError) {
        try Child.signal(pidfd, number)
    }

    /// Waits for the end. As init of its pid namespace the child ends last: when this returns, every process of the
    /// namespace is dead (pid_namespaces(7)).
    package consuming func wait() throws(LinuxError) -> Ending {
        let ending: Ending
        do throws(LinuxError) {
            ending = try Child.reap(pidfd)
        } catch {
            _ = consume self
            throw error
        }
        // Reaped: the pid may be another process's by now, so nothing is signalled, only the descriptor is closed.
        _ = OwnedDescriptor(owning: pidfd)
        discard self
        return ending
    }

    private static func signal(_ pidfd: Int32, _ number: Int32) throws(LinuxError) {
        do {
            try Kernel.call(
                "signal child", Int(SYS_pidfd_send_signal), UInt64(argument: pidfd), UInt64(argument: number), 0, 0)
        } catch  where error.errno == .noSuchProcess {
            return
        }
    }

    /// waitid(2) by pidfd: the raw system call also gives the resource usage of just this child.
    private static func reap(_ pidfd: Int32) throws(LinuxError) -> Ending {
        var information = siginfo_t()
        var usage = rusage()
        try withPointer(to: &information) { information throws(LinuxError) in
            try withPointer(to: &usage) { usage throws(LinuxError) in
                try Kernel.call(
                    "wait for child", Int(SYS_waitid), UInt64(CL_P_PIDFD), UInt64(argument: pidfd), information,
                    UInt64(WEXITED), usage)
            }
        }
        let value = cl_exit_value(&information)
        return Ending(
            status: information.si_code == CLD_EXITED ? .exited(value) : .signalled(value),
            userMicroseconds: Int64(usage.ru_utime.tv_sec) * 1_000_000 + Int64(usage.ru_utime.tv_usec),
            systemMicroseconds: Int64(usage.ru_stime.tv_sec) * 1_000_000 + Int64(usage.ru_stime.tv_usec))
    }
}
