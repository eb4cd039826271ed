internal import CSeccomp

extension SeccompProfile {
    /// Names that are not what their writer meant.
    func names(_ root: String) -> [Doubt] { unknown(root) + repeated(root) }

    /// Names that libseccomp knows on no architecture: misspelt, or newer than it.
    private func unknown(_ root: String) -> [Doubt] {
        let known = Architecture.allCases.flatMap { SeccompRules.names($0).map(\.name) }
        return rules.flatMap { rule in
            rule.names.enumerated().compactMap { position, name -> Doubt? in
                guard seccomp_syscall_resolve_name_arch(platform.architecture.token, name) == __NR_SCMP_ERROR else {
                    return nil
                }
                let near = known.min { name.distance(to: $0) < name.distance(to: $1) }
                let hint = near.flatMap { name.distance(to: $0) <= 2 ? "; did you mean \($0)?" : nil } ?? ""
                return Doubt(
                    .warning, "\(root)/syscalls/\(rule.position)/names/\(position)",
                    "\(name) is no call that libseccomp knows on any machine\(hint)",
                    "mend the name, or remove it: the rule has no effect on it")
            }
        }
    }

    private func repeated(_ root: String) -> [Doubt] {
        struct Seen: Hashable {
            let name: String
            let action: Action
            let conditions: [Condition]
        }
        var seen: [Seen: Int] = [:]
        var doubts: [Doubt] = []
        for rule in rules {
            for (position, name) in rule.names.enumerated() {
                let one = Seen(name: name, action: rule.action, conditions: rule.conditions)
                if let first = seen[one] {
                    doubts.append(
                        Doubt(
                            .warning, "\(root)/syscalls/\(rule.position)/names/\(position)",
                            "\(name) stands a second time, as in rule \(first)", "remove one of the two"))
                }
                seen[one] = seen[one] ?? rule.position
            }
        }
        return doubts
    }
}

extension String {
    /// How many letters must be put in, taken out or changed, or exchanged with the next, to make `other` of this.
    func distance(to other: String) -> Int {
        let (left, right) = (Array(utf8), Array(other.utf8))
        guard abs(left.count - right.count) < 4 else { return 4 }
        var earlier: [Int] = []
        var above = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var line = [row + 1]
            for (column, wanted) in right.enumerated() {
                var least = Swift.min(
                    above[column + 1] + 1, line[column] + 1, above[column] + (letter == wanted ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == wanted {
                    least = Swift.min(least, earlier[column - 1] + 1)
                }
                line.append(least)
            }
            (earlier, above) = (above, line)
        }
        return above[right.count]
    }
}
