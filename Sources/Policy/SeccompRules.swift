internal import CSeccomp

/// A profile's rules for one architecture: by number, without repetition and without two that contradict each other.
struct SeccompRules {
    /// An answer for some arguments of a call.
    struct Branch: Hashable {
        let conditions: [SeccompProfile.Condition]
        let action: SeccompProfile.Action
    }

    /// What becomes of a call.
    enum Decision: Hashable {
        case always(SeccompProfile.Action)
        /// The branch whose conditions hold, or else the default action. Branches of different actions are disjoint, so
        /// their order says nothing.
        case when([Branch])
    }

    let architecture: Architecture
    let defaultAction: SeccompProfile.Action
    private(set) var decisions: [UInt32: Decision] = [:]
    /// Names that the architecture lacks, each once.
    private(set) var unknownNames: [String] = []

    /// Resolves and checks a profile's rules.
    ///
    /// - Throws: `PolicyError.seccomp` when two rules answer the same arguments of one call differently.
    init(_ profile: SeccompProfile, for architecture: Architecture) throws(PolicyError) {
        self.architecture = architecture
        defaultAction = profile.defaultAction
        var branches: [UInt32: [Branch]] = [:]
        for rule in profile.rules {
            for name in rule.names {
                guard let number = Self.number(name, architecture) else {
                    if !unknownNames.contains(name) { unknownNames.append(name) }
                    continue
                }
                let branch = Branch(conditions: rule.conditions, action: rule.action)
                for earlier in branches[number, default: []] { try Self.check(earlier, branch, name) }
                branches[number, default: []].append(branch)
            }
        }
        decisions = branches.mapValues { Self.decision($0, otherwise: profile.defaultAction) }
    }

    /// Whether the supervisor has to answer some of the calls.
    var records: Bool {
        decisions.values.contains {
            switch $0 {
            case .always(let action): action == .notify
            case .when(let branches): branches.contains { $0.action == .notify }
            }
        }
    }

    /// The number of a call; nil when the architecture has none of that name.
    static func number(_ name: String, _ architecture: Architecture) -> UInt32? {
        UInt32(exactly: cseccomp_number(architecture.token, name))
    }

    /// libseccomp keeps one of two rules that overlap, and which one depends on their order; so none of ours do.
    private static func check(_ earlier: Branch, _ later: Branch, _ name: String) throws(PolicyError) {
        guard earlier.action != later.action, let arguments = earlier.conditions.overlap(later.conditions) else {
            return
        }
        let used = Set((earlier.conditions + later.conditions).map(\.index)).sorted()
        let example = used.map { "argument \($0) = \(arguments[Int($0)])" }.joined(separator: ", ")
        throw .seccomp(
            rule: name,
            problem: "\(earlier.action.words) by one rule and \(later.action.words) by another"
                + (example.isEmpty ? "" : ", for instance with \(example)")
                + "; keep one of them, or give them conditions that never hold together")
    }

    private static func decision(_ branches: [Branch], otherwise: SeccompProfile.Action) -> Decision {
        if let whole = branches.first(where: { $0.conditions.isEmpty }) { return .always(whole.action) }
        var kept: [Branch] = []
        for branch in branches where branch.action != otherwise && !kept.contains(branch) {
            // A rule whose own conditions contradict each other never holds.
            if branch.conditions.overlap([]) != nil { kept.append(branch) }
        }
        return kept.isEmpty ? .always(otherwise) : .when(kept)
    }
}

extension SeccompRules {
    /// Neighbouring numbers with one decision, from `first` to the next range's.
    struct Range: Equatable {
        let first: UInt32
        let decision: Decision
    }

    /// What a number above all that the profile names answers: ENOSYS where the default is an errno. A C library falls back
    /// from a call that is not there; from one that is forbidden it does not.
    var beyond: SeccompProfile.Action {
        if case .errno = defaultAction { .absent } else { defaultAction }
    }

    /// All 2^32 numbers in order, as few ranges as there can be.
    var ranges: [Range] {
        var ranges: [Range] = []
        func append(_ first: UInt32, _ decision: Decision) {
            if ranges.last?.first == first { ranges.removeLast() }
            if ranges.last?.decision != decision { ranges.append(Range(first: first, decision: decision)) }
        }
        append(0, .always(defaultAction))
        for (number, decision) in decisions.sorted(by: { $0.key < $1.key }) {
            append(number, decision)
            append(number + 1, .always(defaultAction))
        }
        if let highest = decisions.keys.max() { append(highest + 1, .always(beyond)) }
        // Bit 30 marks calls of x32 (asm/unistd.h, __X32_SYSCALL_BIT), for whose numbers no rule was written.
        if architecture == .amd64 { append(1 << 30, .always(.killProcess)) }
        return ranges
    }
}
