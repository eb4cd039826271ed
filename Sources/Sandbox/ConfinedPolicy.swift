internal import Isolation
internal import Linux
package import Measure
package import Policy
internal import SystemPackage

/// A policy made ready once for every job that runs under it.
package struct ConfinedPolicy: Sendable {
    package private(set) var policy: Policy
    /// SHA-256 of the policy file.
    package let digest: Digest
    package let filter: SeccompProgram
    package let filterDigest: Digest
    /// What the kernel offers of Landlock; every right of it is used, and a kernel with less makes another tape.
    package let landlockABI: Int
    /// The stages of the tape that are the same for all of its jobs.
    let bounds: Tape

    /// Compiles the policy's system call filter.
    ///
    /// - Throws: `PolicyError` naming the rule that can't be compiled, or a call that the launch itself needs.
    package init(_ policy: Policy) throws(PolicyError) { try self.init(policy, landlockABI: Landlock.abi()) }

    /// For a kernel that is not the running one.
    init(_ policy: Policy, landlockABI: Int) throws(PolicyError) {
        self.policy = policy
        // A later version would mean rights that nobody here knows the names of.
        self.landlockABI = min(landlockABI, 7)
        bounds = Tape.bounds(policy, landlockABI: self.landlockABI)
        digest = Digest.of(policy.source)
        filter = try policy.seccomp.compile()
        filterDigest = Digest.of(filter.bytes)
        try requireLaunch()
    }

    /// The same confinement with lower limits of one job's own.
    package func narrowed(memoryBytes: UInt64, cpuWeight: UInt64) -> ConfinedPolicy {
        var narrowed = self
        narrowed.policy.limits.memoryBytes = min(memoryBytes, policy.limits.memoryBytes)
        narrowed.policy.limits.cpuWeight = cpuWeight
        return narrowed
    }

    /// The same confinement with these of the GPUs that the policy lends, and no other.
    package func lending(gpus nodes: [String]) -> ConfinedPolicy {
        var narrowed = self
        narrowed.policy.lend(gpus: nodes)
        return narrowed
    }

    /// Between filter and exec the child still makes a few calls of its own. One that were on record would wait for an answer
    /// of a supervisor that waits for the exec, for ever.
    private func requireLaunch() throws(PolicyError) {
        guard filter.records else { return }
        let needed = ["sendmsg", "write", "execve", "exit_group"]
        for call in try policy.seccomp.calls() where needed.contains(call.name) {
            guard call.cases.isEmpty, call.otherwise == .allow else {
                throw .seccomp(
                    rule: call.name,
                    problem: "is \(call.words), and a launch needs it to hand out the record of denied calls; allow it")
            }
        }
    }

    /// What a call on record is told: what the default action tells, or EPERM where that is no errno.
    var refusal: Errno {
        if case .errno(let number) = policy.seccomp.defaultAction {
            Errno(rawValue: Int32(number))
        } else {
            .notPermitted
        }
    }

    /// A kernel with less than the policy asks for runs none of its jobs.
    func requireKernel() throws(SandboxError) {
        guard let rules = policy.landlock, landlockABI < rules.minimumABI else { return }
        throw .unenforceable(
            what: landlockABI == 0
                ? "this kernel has no Landlock"
                : "this kernel has Landlock ABI \(landlockABI), not \(rules.minimumABI)",
            remedy: "start it with landlock in its lsm= list, take a newer one, or choose a policy that asks for less")
    }
}
