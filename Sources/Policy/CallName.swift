internal import CSeccomp
internal import Glibc

/// Names of system calls by number.
package enum CallName {
    /// - Parameters:
    ///   - number: as the machine counts.
    ///   - architecture: AUDIT_ARCH_* of the call.
    /// - Returns: the kernel's name, or `syscall N` for a number that libseccomp does not know.
    package static func of(_ number: Int32, architecture: UInt32) -> String {
        guard let name = seccomp_syscall_resolve_num_arch(architecture, number) else { return "syscall \(number)" }
        defer { free(name) }
        return String(cString: name)
    }
}
