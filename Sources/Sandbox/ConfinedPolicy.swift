package import Measure
package import Policy

/// A policy made ready once for every job that runs under it.
package struct ConfinedPolicy: Sendable {
    package let policy: Policy
    /// SHA-256 of the policy file.
    package let digest: Digest
    package let filter: SeccompProgram
    package let filterDigest: Digest

    /// Compiles the policy's system call filter.
    ///
    /// - Throws: `PolicyError` naming the rule that can't be compiled.
    package init(_ policy: Policy) throws(PolicyError) {
        self.policy = policy
        digest = Digest.of(policy.source)
        filter = try policy.seccomp.compile()
        filterDigest = Digest.of(filter.bytes)
    }
}
