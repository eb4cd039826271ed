/// A profile compiled to classic BPF, as seccomp(2) takes it.
package struct SeccompProgram: Equatable, Sendable {
    /// Instructions of eight bytes, struct sock_filter in the machine's byte order.
    package let bytes: [UInt8]
    /// Calls that the profile names and this architecture does not have; they stay under the default action.
    package let unknownNames: [String]
    /// Whether the supervisor has to answer some of the calls.
    package let records: Bool
}

extension SeccompProfile {
    /// Compiles the profile for the machine that it was read for.
    ///
    /// A call from another ABI (32-bit, x32) kills the process: no rule was written for its numbers. Where the default action is
    /// an errno, a number above all that the profile names answers ENOSYS, as container engines have it. Everything else is as
    /// libseccomp compiles it, but for number -1 on x86_64, which is killed here as every other number of x32.
    ///
    /// - Returns: the program, as a binary search over ranges of call numbers.
    /// - Throws: `PolicyError.seccomp` naming the rule.
    package func compile() throws(PolicyError) -> SeccompProgram { try compile(for: platform.architecture) }

    /// Compiles the profile for an architecture that need not be this machine's.
    ///
    /// - Throws: `PolicyError.seccomp`, also when the profile was read for another architecture and that made a difference.
    package func compile(for architecture: Architecture) throws(PolicyError) -> SeccompProgram {
        let rules = try resolved(for: architecture)
        return SeccompProgram(
            bytes: try RangeProgram(rules).bytes, unknownNames: rules.unknownNames, records: rules.records)
    }

    /// The rules by number, checked.
    func resolved(for architecture: Architecture) throws(PolicyError) -> SeccompRules {
        // A profile for other machines must not be taken for one for this one. Listing more is fine: they are killed here.
        guard architectures.isEmpty || architectures.contains(architecture.seccompName) else {
            throw .seccomp(
                rule: "architectures",
                problem: "does not list \(architecture.seccompName), which the filter is for; add it")
        }
        guard !dependsOnPlatform || architecture == platform.architecture else {
            throw .seccomp(
                rule: "includes",
                problem:
                    "the rules were chosen for \(platform.architecture.rawValue); read the file for \(architecture.rawValue)"
            )
        }
        return try SeccompRules(self, for: architecture)
    }
}
