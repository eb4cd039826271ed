/// `linux.seccomp` of the OCI runtime specification, as a value, resolved for one machine.
///
/// Source: opencontainers/runtime-spec, config-linux.md, section "Seccomp".
package struct SeccompProfile: Equatable, Sendable {
    package enum Action: Hashable, Sendable {
        case killProcess
        case killThread
        case trap
        case errno(UInt16)
        case log
        /// Denied with the default action's errno, and on record: the supervisor hears who tried what.
        case notify
        case allow

        /// ENOSYS: the call is not there.
        package static var absent: Action { .errno(38) }
    }

    package enum Comparison: String, Hashable, Sendable {
        case notEqual = "SCMP_CMP_NE"
        case less = "SCMP_CMP_LT"
        case lessOrEqual = "SCMP_CMP_LE"
        case equal = "SCMP_CMP_EQ"
        case greaterOrEqual = "SCMP_CMP_GE"
        case greater = "SCMP_CMP_GT"
        case maskedEqual = "SCMP_CMP_MASKED_EQ"
    }

    /// A condition on one argument of a call; the conditions of one rule hold together.
    package struct Condition: Hashable, Sendable {
        package let index: UInt32
        package let comparison: Comparison
        /// The value, or for `maskedEqual` the mask.
        package let value: UInt64
        /// For `maskedEqual` the value wanted under the mask.
        package let second: UInt64
    }

    package struct Rule: Equatable, Sendable {
        /// Where the rule stands in the file's `syscalls`: rules that are not for this machine are left out.
        package let position: Int
        package let names: [String]
        package let action: Action
        package let conditions: [Condition]
    }

    package let defaultAction: Action
    package let architectures: [String]
    /// What the file calls the list: `architectures`, or `archMap`.
    let architecturesField: String
    package let rules: [Rule]
    /// The machine that the rules were chosen for.
    package let platform: PlatformFacts
    /// Whether another machine would get other rules.
    package let dependsOnPlatform: Bool
}

extension SeccompProfile.Action {
    /// The `SECCOMP_RET_` value, which libseccomp shares with the kernel.
    var code: UInt32 {
        switch self {
        case .killProcess: 0x8000_0000
        case .killThread: 0x0000_0000
        case .trap: 0x0003_0000
        case .errno(let number): 0x0005_0000 | UInt32(number)
        case .log: 0x7ffc_0000
        case .notify: 0x7fc0_0000
        case .allow: 0x7fff_0000
        }
    }

    /// What becomes of a call, in a word or two.
    package var words: String {
        switch self {
        case .killProcess: "kills the process"
        case .killThread: "kills the thread"
        case .trap: "raises SIGSYS"
        case .errno(1): "denied (EPERM)"
        case .absent: "absent (ENOSYS)"
        case .errno(let number): "denied (errno \(number))"
        case .log: "allowed, in the kernel's log"
        case .notify: "denied, on record"
        case .allow: "allowed"
        }
    }
}
