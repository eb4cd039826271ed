internal import CSeccomp
internal import Glibc

extension SeccompProfile {
    /// The same rules compiled by libseccomp in its default layout, one comparison after the other: what a launcher that takes
    /// no care loads, and so the layout of the floor that launches are measured against.
    ///
    /// - Throws: `PolicyError.seccomp` naming the rule.
    package func compileLinear() throws(PolicyError) -> SeccompProgram {
        try compileLinear(for: platform.architecture)
    }

    /// Compiles through libseccomp for an architecture that need not be this machine's.
    package func compileLinear(for architecture: Architecture) throws(PolicyError) -> SeccompProgram {
        let rules = try resolved(for: architecture)
        let filter = try Filter(defaultAction)
        try filter.aim(at: architecture)
        for rule in self.rules {
            // libseccomp refuses a rule that only repeats the default action; to repeat it changes nothing.
            for name in rule.names where rule.action != defaultAction && !rules.unknownNames.contains(name) {
                try filter.add(name, rule)
            }
        }
        return SeccompProgram(bytes: try filter.export(), unknownNames: rules.unknownNames, records: rules.records)
    }

    /// A filter of libseccomp's, released with its owner.
    private struct Filter: ~Copyable {
        private let context: scmp_filter_ctx

        init(_ defaultAction: Action) throws(PolicyError) {
            guard let context = seccomp_init(defaultAction.code) else {
                throw .seccomp(rule: "defaultAction", problem: "libseccomp does not take it")
            }
            self.context = context
        }

        deinit { seccomp_release(context) }

        /// Makes the filter one for `architecture` and for no other.
        func aim(at architecture: Architecture) throws(PolicyError) {
            guard seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, Action.killProcess.code) == 0 else {
                throw .seccomp(rule: "kill on a foreign architecture", problem: "libseccomp refuses it")
            }
            guard architecture != .native else { return }
            guard seccomp_arch_add(context, architecture.token) == 0,
                seccomp_arch_remove(context, Architecture.native.token) == 0
            else { throw .seccomp(rule: "architectures", problem: "libseccomp does not take \(architecture.rawValue)") }
        }

        /// libseccomp wants the number that this machine has, and for a call that it has not, a negative one of its own.
        func add(_ name: String, _ rule: Rule) throws(PolicyError) {
            let conditions = rule.conditions.map(\.code)
            let answer = seccomp_rule_add_array(
                context, rule.action.code, seccomp_syscall_resolve_name(name), UInt32(conditions.count), conditions)
            guard answer == 0 else {
                throw .seccomp(rule: name, problem: "libseccomp: \(String(cString: strerror(-answer)))")
            }
        }

        func export() throws(PolicyError) -> [UInt8] {
            var memory: UnsafeMutablePointer<UInt8>?
            let count = cseccomp_export(context, &memory)
            guard count > 0, let memory else {
                throw .seccomp(rule: "export", problem: String(cString: strerror(Int32(-count))))
            }
            defer { free(memory) }
            return Array(UnsafeBufferPointer(start: memory, count: count))
        }
    }
}

extension SeccompProfile.Condition {
    fileprivate var code: scmp_arg_cmp {
        let comparison: scmp_compare =
            switch comparison {
            case .notEqual: SCMP_CMP_NE
            case .less: SCMP_CMP_LT
            case .lessOrEqual: SCMP_CMP_LE
            case .equal: SCMP_CMP_EQ
            case .greaterOrEqual: SCMP_CMP_GE
            case .greater: SCMP_CMP_GT
            case .maskedEqual: SCMP_CMP_MASKED_EQ
            }
        return scmp_arg_cmp(arg: index, op: comparison, datum_a: value, datum_b: second)
    }
}
