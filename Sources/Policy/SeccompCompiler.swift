internal import CSeccomp
internal import Glibc

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
    /// Compiles the profile for this machine through libseccomp.
    ///
    /// A call from another ABI (32-bit, x32) kills the process: no rule was written for its numbers. libseccomp compares both
    /// halves of 64-bit arguments (CVE-2019-10063 was one half).
    ///
    /// - Returns: the program, as a binary search over call numbers (SCMP_FLTATR_CTL_OPTIMIZE 2).
    /// - Throws: `PolicyError.seccomp` naming the rule.
    package func compile() throws(PolicyError) -> SeccompProgram { try compile(.binarySearch) }

    /// The same rules in libseccomp's default layout, one comparison after the other: what a launcher that takes no care
    /// loads, and so the layout of the floor that launches are measured against.
    package func compileLinear() throws(PolicyError) -> SeccompProgram { try compile(.linear) }

    /// Values of SCMP_FLTATR_CTL_OPTIMIZE.
    private enum Layout: UInt32 { case linear = 1, binarySearch = 2 }

    private func compile(_ layout: Layout) throws(PolicyError) -> SeccompProgram {
        try checkArchitectures()
        try checkOverlaps()
        guard let filter = seccomp_init(defaultAction.code) else {
            throw .seccomp(rule: "defaultAction", problem: "libseccomp does not take it")
        }
        defer { seccomp_release(filter) }
        try Self.configure(filter, layout)
        var unknown: [String] = []
        for rule in rules {
            unknown += try add(rule, to: filter)
        }
        return SeccompProgram(
            bytes: try Self.export(filter), unknownNames: unknown,
            records: rules.contains { $0.action == .notify })
    }

    /// A profile for other machines must not be taken for one for this one. Listing more is fine: they are killed here.
    private func checkArchitectures() throws(PolicyError) {
        #if arch(x86_64)
            let native = "SCMP_ARCH_X86_64"
        #elseif arch(arm64)
            let native = "SCMP_ARCH_AARCH64"
        #endif
        guard architectures.isEmpty || architectures.contains(native) else {
            throw .seccomp(rule: "architectures", problem: "does not list \(native), the machine this runs on")
        }
    }

    /// libseccomp takes no rule that repeats the default action, so such a rule is left out; where another rule says something
    /// else of the same call, leaving it out would change what its writer meant.
    private func checkOverlaps() throws(PolicyError) {
        let others = Set(rules.filter { $0.action != defaultAction }.flatMap(\.names))
        for rule in rules where rule.action == defaultAction {
            guard let name = rule.names.first(where: others.contains) else { continue }
            throw .seccomp(
                rule: name, problem: "repeats the default action, and another rule says otherwise; keep one of them")
        }
    }

    private static func configure(_ filter: scmp_filter_ctx, _ layout: Layout) throws(PolicyError) {
        let attributes: [(scmp_filter_attr, UInt32, String)] = [
            (SCMP_FLTATR_ACT_BADARCH, Action.killProcess.code, "kill on a foreign architecture"),
            (SCMP_FLTATR_CTL_OPTIMIZE, layout.rawValue, "layout \(layout)"),
        ]
        for (attribute, value, name) in attributes where seccomp_attr_set(filter, attribute, value) != 0 {
            throw .seccomp(rule: name, problem: "libseccomp refuses it; version 2.5 or newer is needed")
        }
    }

    /// - Returns: the names that this architecture lacks.
    private func add(_ rule: Rule, to filter: scmp_filter_ctx) throws(PolicyError) -> [String] {
        var unknown: [String] = []
        // libseccomp refuses a rule that only repeats the default action; to repeat it changes nothing.
        guard rule.action != defaultAction else { return [] }
        for name in rule.names {
            let number = cseccomp_number(UInt32(SCMP_ARCH_NATIVE), name)
            guard number >= 0 else {
                unknown.append(name)
                continue
            }
            let conditions = rule.conditions.map(\.code)
            let answer = seccomp_rule_add_array(
                filter, rule.action.code, number, UInt32(conditions.count), conditions)
            guard answer == 0 else {
                throw .seccomp(rule: name, problem: "libseccomp: \(String(cString: strerror(-answer)))")
            }
        }
        return unknown
    }

    private static func export(_ filter: scmp_filter_ctx) throws(PolicyError) -> [UInt8] {
        var memory: UnsafeMutablePointer<UInt8>?
        let count = cseccomp_export(filter, &memory)
        guard count > 0, let memory else {
            throw .seccomp(rule: "export", problem: String(cString: strerror(Int32(-count))))
        }
        defer { free(memory) }
        return Array(UnsafeBufferPointer(start: memory, count: count))
    }
}

extension SeccompProfile.Action {
    /// The `SECCOMP_RET_` value that libseccomp shares with the kernel.
    fileprivate var code: UInt32 {
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
