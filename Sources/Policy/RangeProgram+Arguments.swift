extension FilterAssembler {
    /// The answer of the first branch that holds, or `otherwise`.
    ///
    /// Branches that look at one value are put together, so that it is loaded once: `fcntl` by seventeen commands is two loads
    /// and a search.
    mutating func branches(_ branches: [SeccompRules.Branch], otherwise: Target) -> Target {
        var groups: [(look: Look, branches: [SeccompRules.Branch])] = []
        for (place, branch) in branches.enumerated() {
            let look = Look(branch) ?? .alone(place)
            if let known = groups.firstIndex(where: { $0.look == look }) {
                groups[known].branches.append(branch)
            } else {
                groups.append((look, [branch]))
            }
        }
        return groups.reversed().reduce(otherwise) { next, group in
            switch group.look {
            case .equality(let argument, let high):
                let low = load(SeccompData.low(argument), then: values(group.branches, otherwise: next))
                return load(SeccompData.high(argument), then: ask(.equal, high, yes: low, no: next))
            case .word(let offset):
                let tests = group.branches.reversed().reduce(next) { next, branch in
                    branch.conditions.reduce(next) { next, condition in
                        word(condition, yes: .answer(branch.action.code), no: next)
                    }
                }
                return load(offset, then: tests)
            case .alone:
                return group.branches.reversed().reduce(next) { next, branch in
                    branch.conditions.reversed().reduce(.answer(branch.action.code)) { yes, condition in
                        compare(condition, yes: yes, no: next)
                    }
                }
            }
        }
    }

    /// The answers of equalities on one argument's lower half, as a search where that is shorter than one after the other.
    private mutating func values(_ branches: [SeccompRules.Branch], otherwise: Target) -> Target {
        let answers = branches.map {
            (UInt32(truncatingIfNeeded: $0.conditions[0].value), Target.answer($0.action.code))
        }
        var ranges: [(first: UInt32, target: Target)] = [(0, otherwise)]
        for (value, target) in answers.sorted(by: { $0.0 < $1.0 }) {
            if ranges.last?.first == value { ranges.removeLast() }
            if ranges.last?.target != target { ranges.append((value, target)) }
            if value < .max { ranges.append((value + 1, otherwise)) }
        }
        guard ranges.count > answers.count else { return search(ranges[...]) }
        return answers.reversed().reduce(otherwise) { next, answer in
            ask(.equal, answer.0, yes: answer.1, no: next)
        }
    }

    /// A masked comparison of the word in the accumulator that one instruction decides; see `Look.word`.
    private mutating func word(_ condition: SeccompProfile.Condition, yes: Target, no: Target) -> Target {
        let isHigh = condition.value > UInt64(UInt32.max)
        let mask = UInt32(truncatingIfNeeded: isHigh ? condition.value >> 32 : condition.value)
        let wanted = UInt32(truncatingIfNeeded: isHigh ? condition.second >> 32 : condition.second)
        if wanted == 0 { return ask(.anyBit, mask, yes: no, no: yes) }
        return ask(mask == .max ? .equal : .anyBit, wanted, yes: yes, no: no)
    }
}

/// What a branch looks at, where branches can share the look.
private enum Look: Equatable {
    /// One argument, equal to a value whose upper half is this.
    case equality(UInt32, high: UInt32)
    /// One half of one argument, decided by one instruction.
    case word(UInt32)
    /// Anything else.
    case alone(Int)

    init?(_ branch: SeccompRules.Branch) {
        guard branch.conditions.count == 1, let condition = branch.conditions.first else { return nil }
        switch condition.comparison {
        case .equal: self = .equality(condition.index, high: UInt32(condition.value >> 32))
        case .maskedEqual:
            let (mask, wanted) = (condition.value, condition.second)
            let isLow = mask <= UInt64(UInt32.max)
            let isHigh = mask & UInt64(UInt32.max) == 0
            let isWhole = mask == UInt64(UInt32.max) || mask == UInt64(UInt32.max) << 32
            let isBit = mask.nonzeroBitCount == 1 && wanted == mask
            guard isLow != isHigh, wanted == 0 || isWhole || isBit else { return nil }
            self = .word(isLow ? SeccompData.low(condition.index) : SeccompData.high(condition.index))
        default: return nil
        }
    }
}

extension FilterAssembler {
    /// One comparison of an argument in both halves (CVE-2019-10063 was one half).
    private mutating func compare(_ condition: SeccompProfile.Condition, yes: Target, no: Target) -> Target {
        switch condition.comparison {
        case .equal: equal(condition, yes: yes, no: no)
        case .notEqual: equal(condition, yes: no, no: yes)
        case .greater: order(.greater, condition, yes: yes, no: no)
        case .lessOrEqual: order(.greater, condition, yes: no, no: yes)
        case .greaterOrEqual: order(.greaterOrEqual, condition, yes: yes, no: no)
        case .less: order(.greaterOrEqual, condition, yes: no, no: yes)
        case .maskedEqual: masked(condition, yes: yes, no: no)
        }
    }

    private mutating func equal(_ condition: SeccompProfile.Condition, yes: Target, no: Target) -> Target {
        let low = load(SeccompData.low(condition.index), then: ask(.equal, condition.low, yes: yes, no: no))
        return load(SeccompData.high(condition.index), then: ask(.equal, condition.high, yes: low, no: no))
    }

    /// The upper halves decide unless they are equal.
    private mutating func order(
        _ question: Question, _ condition: SeccompProfile.Condition, yes: Target, no: Target
    ) -> Target {
        let low = load(SeccompData.low(condition.index), then: ask(question, condition.low, yes: yes, no: no))
        let high = ask(.equal, condition.high, yes: low, no: no)
        return load(SeccompData.high(condition.index), then: ask(.greater, condition.high, yes: yes, no: high))
    }

    private mutating func masked(_ condition: SeccompProfile.Condition, yes: Target, no: Target) -> Target {
        let halves = [
            (SeccompData.high(condition.index), condition.high, UInt32(condition.second >> 32)),
            (SeccompData.low(condition.index), condition.low, UInt32(truncatingIfNeeded: condition.second)),
        ]
        return halves.reversed().reduce(yes) { yes, half in
            let (offset, mask, wanted) = half
            guard mask != 0 else { return yes }
            return load(offset, then: and(mask, then: ask(.equal, wanted, yes: yes, no: no)))
        }
    }
}

extension SeccompProfile.Condition {
    fileprivate var low: UInt32 { UInt32(truncatingIfNeeded: value) }
    fileprivate var high: UInt32 { UInt32(value >> 32) }
}
