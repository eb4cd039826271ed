/// `linux.seccomp` of the OCI runtime specification, as a value.
///
/// Source: opencontainers/runtime-spec, config-linux.md, section "Seccomp".
package struct SeccompProfile: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        case killProcess
        case killThread
        case trap
        case errno(UInt16)
        case log
        /// Denied with the default action's errno, and on record: the supervisor hears who tried what.
        case notify
        case allow
    }

    package enum Comparison: String, Equatable, Sendable {
        case notEqual = "SCMP_CMP_NE"
        case less = "SCMP_CMP_LT"
        case lessOrEqual = "SCMP_CMP_LE"
        case equal = "SCMP_CMP_EQ"
        case greaterOrEqual = "SCMP_CMP_GE"
        case greater = "SCMP_CMP_GT"
        case maskedEqual = "SCMP_CMP_MASKED_EQ"
    }

    /// A condition on one argument of a call; the conditions of one rule hold together.
    package struct Condition: Equatable, Sendable {
        package let index: UInt32
        package let comparison: Comparison
        /// The value, or for `maskedEqual` the mask.
        package let value: UInt64
        /// For `maskedEqual` the value wanted under the mask.
        package let second: UInt64
    }

    package struct Rule: Equatable, Sendable {
        package let names: [String]
        package let action: Action
        package let conditions: [Condition]
    }

    package let defaultAction: Action
    package let architectures: [String]
    package let rules: [Rule]
}
