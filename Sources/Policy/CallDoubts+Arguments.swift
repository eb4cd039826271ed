extension CallDoubts {
    /// Calls by which a job could make namespaces, for which clone's flags have to be looked at.
    var clones: [Doubt] {
        var doubts: [Doubt] = []
        if isFree("clone3") {
            doubts.append(
                doubt(
                    .error, "clone3",
                    "is allowed, and its flags lie in memory where no filter sees them: CLONE_NEWUSER is among them",
                    "answer SCMP_ACT_ERRNO with errnoRet 38, so that the C library calls clone"))
        }
        let made = Self.namespaces.filter { name, bit in
            let flag = SeccompProfile.Condition(index: 0, comparison: .maskedEqual, value: bit, second: bit)
            return allows("clone", [flag])
        }
        if !made.isEmpty {
            doubts.append(
                doubt(
                    .error, "clone", "is allowed with \(made.map(\.0).joined(separator: ", "))",
                    "allow it where argument 0 has none of these: SCMP_CMP_MASKED_EQ, value 2114060288, valueTwo 0"))
        }
        return doubts
    }

    /// Flags of linux/sched.h; CLONE_NEWTIME can't be asked of clone, whose lowest byte is a signal.
    private static let namespaces: [(String, UInt64)] = [
        ("CLONE_NEWNS", 0x2_0000), ("CLONE_NEWCGROUP", 0x200_0000), ("CLONE_NEWUTS", 0x400_0000),
        ("CLONE_NEWIPC", 0x800_0000), ("CLONE_NEWUSER", 0x1000_0000), ("CLONE_NEWPID", 0x2000_0000),
        ("CLONE_NEWNET", 0x4000_0000),
    ]

    /// Whether some arguments that satisfy `conditions` are allowed.
    private func allows(_ name: String, _ conditions: [SeccompProfile.Condition]) -> Bool {
        switch decision(name) {
        case nil: false
        case .always(let action): action.passes
        case .when(let branches):
            branches.contains { $0.action.passes && $0.conditions.overlap(conditions) != nil }
                // Under a default that allows, what no branch was seen to deny is allowed.
                || (rules.defaultAction.passes
                    && !branches.contains { !$0.action.passes && $0.conditions.overlap(conditions) != nil })
        }
    }

    /// Comparisons of as many bits as the kernel does not read.
    var halves: [Doubt] { slipping + truncated }

    /// Arguments that the kernel reads as 32 bits, and for which a value with other upper bits gets a weaker answer.
    private var slipping: [Doubt] {
        Self.narrow.compactMap { name, index in
            guard case .when(let branches)? = decision(name) else { return nil }
            let values = branches.flatMap(\.conditions).filter { $0.index == index }.flatMap {
                [$0.value, $0.second, $0.value &+ 1, $0.value &- 1]
            }.map { $0 & UInt64(UInt32.max) }
            let value = values.first { value in
                let plain = answer(branches, index, value).strength
                return [1 << 32, 1 << 63].contains { answer(branches, index, value | $0).strength < plain }
            }
            guard let value else { return nil }
            return doubt(
                .warning, name,
                "compares 64 bits of argument \(index), of which the kernel reads 32: "
                    + "\(value) is \(answer(branches, index, value).words), and with upper bits set it is not",
                "write SCMP_CMP_MASKED_EQ with the mask 4294967295")
        }
    }

    /// What one argument alone gets, the others being 0.
    private func answer(
        _ branches: [SeccompRules.Branch], _ index: UInt32, _ value: UInt64
    ) -> SeccompProfile.Action {
        let arguments = (UInt32(0)...5).map { number in
            SeccompProfile.Condition(index: number, comparison: .equal, value: number == index ? value : 0, second: 0)
        }
        return branches.first { $0.conditions.overlap(arguments) != nil }?.action ?? rules.defaultAction
    }

    /// Arguments that the kernel reads whole, and of which a rule looks at the lower half.
    private var truncated: [Doubt] {
        profile.rules.flatMap { rule in
            rule.conditions.enumerated().compactMap { position, condition -> Doubt? in
                let isHalf = condition.comparison == .maskedEqual && condition.value == UInt64(UInt32.max)
                guard isHalf, rule.action.passes else { return nil }
                let wide = rule.names.filter { name in
                    !Self.narrow.contains { $0.name == name && $0.index == condition.index }
                }
                guard !wide.isEmpty else { return nil }
                return Doubt(
                    .warning, "\(root)/syscalls/\(rule.position)/args/\(position)",
                    "compares the lower 32 bits of argument \(condition.index) of \(wide.joined(separator: ", ")), "
                        + "whose upper half may be anything", "compare all 64 bits, with SCMP_CMP_EQ")
            }
        }
    }

    /// Arguments of type int or unsigned int (linux/syscalls.h), by which filters tell calls apart.
    private static let narrow: [(name: String, index: UInt32)] = [
        ("socket", 0), ("socket", 1), ("socket", 2), ("socketpair", 0), ("socketpair", 1), ("socketpair", 2),
        ("ioctl", 0), ("ioctl", 1), ("fcntl", 0), ("fcntl", 1), ("prctl", 0), ("personality", 0), ("madvise", 2),
        ("setsockopt", 1), ("setsockopt", 2), ("kill", 0), ("kill", 1), ("bpf", 0), ("keyctl", 0), ("futex", 1),
    ]
}

extension SeccompProfile.Action {
    /// How much stands in the way of a call.
    fileprivate var strength: Int {
        switch self {
        case .allow: 0
        case .log: 1
        case .errno: 2
        case .notify: 3
        case .trap, .killThread, .killProcess: 4
        }
    }
}
