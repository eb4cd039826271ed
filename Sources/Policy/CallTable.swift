internal import CSeccomp
internal import Glibc

/// What becomes of one system call under a profile.
package struct CallVerdict: Equatable, Sendable {
    /// An answer that some arguments get.
    package struct Case: Equatable, Sendable {
        package let action: SeccompProfile.Action
        /// What must hold together, in the notation of C.
        package let conditions: [String]
    }

    package let name: String
    package let number: UInt32
    /// Empty when the arguments do not matter.
    package let cases: [Case]
    /// The answer to every other call of the name.
    package let otherwise: SeccompProfile.Action

    /// In a few words: `allowed`, `denied, on record`, `allowed with conditions, else denied (EPERM)`.
    package var words: String {
        guard !cases.isEmpty else { return otherwise.words }
        var actions: [SeccompProfile.Action] = []
        for one in cases where !actions.contains(one.action) { actions.append(one.action) }
        return actions.map { "\($0.words) with conditions" }.joined(separator: ", ") + ", else \(otherwise.words)"
    }
}

extension SeccompProfile {
    /// What becomes of every call that an architecture has, by number.
    ///
    /// - Throws: `PolicyError.seccomp` as compiling does.
    package func calls(for architecture: Architecture = .native) throws(PolicyError) -> [CallVerdict] {
        let rules = try resolved(for: architecture)
        return SeccompRules.names(architecture).map { rules.verdict($0.name, $0.number) }
    }
}

extension SeccompRules {
    /// Every call that libseccomp knows on an architecture, by number.
    static func names(_ architecture: Architecture) -> [(name: String, number: UInt32)] {
        (UInt32(0)..<1024).compactMap { number in
            guard let text = seccomp_syscall_resolve_num_arch(architecture.token, Int32(number)) else { return nil }
            defer { free(text) }
            return (String(cString: text), number)
        }
    }

    func verdict(_ name: String, _ number: UInt32) -> CallVerdict {
        switch decision(number) {
        case .always(let action): CallVerdict(name: name, number: number, cases: [], otherwise: action)
        case .when(let branches):
            CallVerdict(
                name: name, number: number,
                cases: branches.map { .init(action: $0.action, conditions: $0.conditions.map(\.words)) },
                otherwise: defaultAction)
        }
    }

    /// What becomes of a number below those of x32.
    func decision(_ number: UInt32) -> Decision {
        if let decision = decisions[number] { return decision }
        guard let highest = decisions.keys.max() else { return .always(defaultAction) }
        return .always(number > highest ? beyond : defaultAction)
    }
}

extension SeccompProfile.Condition {
    /// In the notation of C.
    package var words: String {
        let argument = "argument \(index)"
        let number = value > 9 ? "0x" + String(value, radix: 16) : "\(value)"
        let wanted = second > 9 ? "0x" + String(second, radix: 16) : "\(second)"
        return switch comparison {
        case .notEqual: "\(argument) != \(number)"
        case .less: "\(argument) < \(number)"
        case .lessOrEqual: "\(argument) <= \(number)"
        case .equal: "\(argument) == \(number)"
        case .greaterOrEqual: "\(argument) >= \(number)"
        case .greater: "\(argument) > \(number)"
        case .maskedEqual: "(\(argument) & \(number)) == \(wanted)"
        }
    }
}
