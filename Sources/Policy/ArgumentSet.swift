/// The values of one argument that satisfy some conditions together, as far as it takes to know whether there is one.
struct ArgumentSet {
    private var lowest = UInt64.min
    private var highest = UInt64.max
    /// Bits that are decided, and how.
    private var mask: UInt64 = 0
    private var bits: UInt64 = 0
    private var excluded: Set<UInt64> = []
    private var isEmpty = false

    init(_ conditions: some Sequence<SeccompProfile.Condition>) {
        for condition in conditions { narrow(condition) }
    }

    private mutating func narrow(_ condition: SeccompProfile.Condition) {
        let value = condition.value
        switch condition.comparison {
        case .equal: (lowest, highest) = (max(lowest, value), min(highest, value))
        case .notEqual: excluded.insert(value)
        case .greaterOrEqual: lowest = max(lowest, value)
        case .lessOrEqual: highest = min(highest, value)
        case .greater: if value == .max { isEmpty = true } else { lowest = max(lowest, value + 1) }
        case .less: if value == 0 { isEmpty = true } else { highest = min(highest, value - 1) }
        case .maskedEqual:
            if condition.second & ~value != 0 || (bits ^ condition.second) & mask & value != 0 { isEmpty = true }
            mask |= value
            bits |= condition.second
        }
    }

    /// The smallest value that satisfies every condition; nil when none does.
    var first: UInt64? {
        guard !isEmpty else { return nil }
        var candidate = fitting(from: lowest)
        // Ends: each turn passes one of the excluded values.
        while let value = candidate, excluded.contains(value) {
            candidate = value == .max ? nil : fitting(from: value + 1)
        }
        return candidate.flatMap { $0 <= highest ? $0 : nil }
    }

    /// The smallest value from `start` on whose decided bits are as they must be.
    private func fitting(from start: UInt64) -> UInt64? {
        let wrong = (start ^ bits) & mask
        guard wrong != 0 else { return start }
        let top = UInt64(1) << UInt64(63 - wrong.leadingZeroBitCount)
        // Either the highest wrong bit has to be set, or the lowest free one above it does.
        let raised: UInt64
        if bits & top != 0 {
            raised = top
        } else {
            let free = ~mask & ~start & ~(top | (top - 1))
            guard free != 0 else { return nil }
            raised = free & (~free &+ 1)
        }
        return start & ~(raised | (raised - 1)) | raised | (bits & (raised - 1))
    }
}

extension [SeccompProfile.Condition] {
    /// Six arguments that satisfy all of these and all of `others`; nil when there are none.
    func overlap(_ others: [SeccompProfile.Condition]) -> [UInt64]? {
        var arguments: [UInt64] = []
        for index in UInt32(0)...5 {
            guard let value = ArgumentSet((self + others).lazy.filter { $0.index == index }).first else { return nil }
            arguments.append(value)
        }
        return arguments
    }
}
