/// A version of a Python package, in the order of PEP 440.
struct PythonVersion: Comparable, Sendable {
    private enum Phase: Int { case development, alpha, beta, candidate, final, post }

    private var epoch = 0
    private var release: [Int] = []
    /// `a1`, `b2`, `rc3`: before the release.
    private var pre: (phase: Phase, number: Int)?
    private var post: Int?
    private var development: Int?
    private var local: [String] = []

    /// Nil for what PEP 440 does not know.
    init?(_ text: String) {
        let pattern =
            #/v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[._-]?(a|alpha|b|beta|c|rc|pre|preview)[._-]?(\d*))?(?:-(\d+)|[._-]?(?:post|rev|r)[._-]?(\d*))?(?:[._-]?(dev)[._-]?(\d*))?(?:\+([a-z0-9]+(?:[._-][a-z0-9]+)*))?/#
        guard text.utf8.count <= 256, let match = text.lowercased().wholeMatch(of: pattern) else { return nil }
        func number(_ text: Substring?) -> Int? { text.map { $0.isEmpty ? 0 : Int($0) ?? Int.max } }
        epoch = number(match.1) ?? 0
        release = match.2.split(separator: ".").map { Int($0) ?? Int.max }
        while release.count > 1, release.last == 0 { release.removeLast() }
        if let word = match.3 {
            let phase: Phase = word.hasPrefix("a") ? .alpha : word.hasPrefix("b") ? .beta : .candidate
            pre = (phase, number(match.4) ?? 0)
        }
        post = number(match.5) ?? number(match.6)
        development = match.7 == nil ? nil : number(match.8) ?? 0
        local = match.9?.split { "._-".contains($0) }.map(String.init) ?? []
    }

    static func < (left: PythonVersion, right: PythonVersion) -> Bool { left.order(to: right) < 0 }
    static func == (left: PythonVersion, right: PythonVersion) -> Bool { left.order(to: right) == 0 }

    private func order(to other: PythonVersion) -> Int {
        for (left, right) in zip(key, other.key) where left != right {
            return left.lexicographicallyPrecedes(right) ? -1 : 1
        }
        return Self.order(local, other.local)
    }

    /// Compared part by part, each as a list of numbers.
    private var key: [[Int]] {
        let before: [Int]
        if let pre {
            before = [pre.phase.rawValue, pre.number]
        } else if post == nil, development != nil {
            before = [Phase.development.rawValue, 0]
        } else {
            before = [Phase.final.rawValue, 0]
        }
        return [[epoch], release, before, post.map { [1, $0] } ?? [0], development.map { [0, $0] } ?? [1]]
    }

    private static func order(_ left: [String], _ right: [String]) -> Int {
        for index in 0..<max(left.count, right.count) {
            guard index < left.count else { return -1 }
            guard index < right.count else { return 1 }
            switch (Int(left[index]), Int(right[index])) {
            case (let a?, let b?) where a != b: return a < b ? -1 : 1
            case (.some, .some): continue
            case (.some, nil): return 1
            case (nil, .some): return -1
            case (nil, nil) where left[index] != right[index]: return left[index] < right[index] ? -1 : 1
            default: continue
            }
        }
        return 0
    }
}
