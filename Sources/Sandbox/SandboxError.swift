package import Linux
internal import SystemPackage

/// Why a job does not run. A confinement step that fails is never skipped: nothing of the job has run then.
package enum SandboxError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Preparing the launch failed, before there was a child.
    case preparation(LinuxError)
    /// A step of the tape failed in the child.
    case confinement(stage: String, call: String, error: LinuxError)
    /// The program could not be executed in its rootfs.
    case program(path: String, error: LinuxError)
    /// No host uid is free: every one of the range belongs to a running job or an account.
    case noUser(range: String)
    /// The host lacks what the policy asks for.
    case unenforceable(what: String, remedy: String)

    package var description: String {
        switch self {
        case .preparation(let error):
            "couldn't prepare the sandbox: \(error)\(error.errno == .notPermitted ? "; run it as root" : "")"
        case .confinement(let stage, let call, let error):
            "couldn't confine the process: \(stage): \(call): \(error.errno)"
        case .program(let path, let error): "couldn't execute \(path) in the rootfs: \(error.errno)"
        case .noUser(let range):
            "no free job uid in \(range); wait for a job to end, or free the accounts of that range"
        case .unenforceable(let what, let remedy): "the policy can't be enforced: \(what); \(remedy)"
        }
    }
}

/// Runs `body`, with a failure of the kernel's as a failure to prepare.
func preparing<Answer: ~Copyable>(
    _ body: () throws(LinuxError) -> Answer
) throws(SandboxError) -> Answer {
    do throws(LinuxError) { return try body() } catch { throw .preparation(error) }
}
