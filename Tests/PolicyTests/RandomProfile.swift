/// The same sequence for the same seed (SplitMix64), so that a failure can be had again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A profile that nobody would write: any actions, any conditions, as the text of its file.
struct RandomProfile {
    let text: String

    private static let names = [
        "read", "write", "openat", "close", "fcntl", "ioctl", "socket", "socketpair", "clone", "prctl", "mmap", "open",
        "fork", "personality", "getpid", "futex", "bpf", "execve", "exit_group", "kill", "renameat2", "statx", "rseq",
        "openat2", "close_range", "clone3", "faccessat2", "pidfd_getfd", "setns", "mount", "umount2", "keyctl",
        "nosuch",
    ]
    private static let actions = ["ALLOW", "ERRNO", "LOG", "TRAP", "KILL", "KILL_PROCESS", "ALLOW", "ALLOW"]
    private static let values: [UInt64] = [
        0, 1, 2, 3, 4, 5, 7, 8, 0x5412, 0x541c, 1 << 31, UInt64(UInt32.max), 1 << 32, 1 << 32 | 1, 1 << 63, .max - 1,
        .max,
    ]

    /// - Parameters:
    ///   - random: the next profile is another.
    ///   - isWild: calls may have rules that were not written for each other, so that some contradict themselves.
    init(_ random: inout SeededGenerator, isWild: Bool = false) {
        var used: Set<String> = []
        var rules: [String] = []
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let some = Self.names.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
            let fresh = some.filter { used.insert($0).inserted || isWild }
            guard !fresh.isEmpty else { continue }
            rules += Self.rules(fresh, &random)
        }
        let standard = ["ERRNO", "ERRNO", "ERRNO", "KILL_PROCESS", "KILL", "ALLOW", "LOG", "TRAP"]
        let action = standard.randomElement(using: &random) ?? "ERRNO"
        text = """
            {"defaultAction": "SCMP_ACT_\(action)", "architectures": [],
             "syscalls": [\(rules.joined(separator: ",\n"))]}
            """
    }

    /// One rule or several for the same calls: alternatives of one value, or whatever comes.
    private static func rules(_ names: [String], _ random: inout SeededGenerator) -> [String] {
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        func rule(_ conditions: [String], _ action: String) -> String {
            "{\"names\": [\(list)], \"action\": \"SCMP_ACT_\(action)\", \"args\": [\(conditions.joined(separator: ", "))]}"
        }
        func action() -> String { actions.randomElement(using: &random) ?? "ALLOW" }
        let index = Int.random(in: 0...5, using: &random)
        switch Int.random(in: 0...5, using: &random) {
        case 0: return [rule([], action())]
        case 1:
            let chosen = values.shuffled(using: &random).prefix(Int.random(in: 1...10, using: &random))
            return chosen.map { rule([condition(index, "EQ", $0)], action()) }
        case 2:
            let value = values.randomElement(using: &random) ?? 0
            return [rule([condition(index, "EQ", value)], action()), rule([condition(index, "NE", value)], action())]
        case 3:
            let bits = Set((0..<4).map { _ in UInt64(1) << UInt64.random(in: 0...63, using: &random) })
            let mask = bits.reduce(0, |)
            let deny = action()
            return [rule([condition(index, "MASKED_EQ", mask, 0)], action())]
                + bits.sorted().map { rule([condition(index, "MASKED_EQ", $0, $0)], deny) }
        case 4:
            let value = values.randomElement(using: &random) ?? 0
            let (low, high) = Bool.random(using: &random) ? ("LT", "GE") : ("LE", "GT")
            return [rule([condition(index, low, value)], action()), rule([condition(index, high, value)], action())]
        default:
            let same = action()
            return (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let indexes = (0...5).shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
                return rule(indexes.map { any($0, &random) }, same)
            }
        }
    }

    private static func any(_ index: Int, _ random: inout SeededGenerator) -> String {
        let value = values.randomElement(using: &random) ?? 0
        let comparison = ["NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"].randomElement(using: &random) ?? "EQ"
        let wanted = comparison == "MASKED_EQ" ? value & UInt64.random(in: 0...UInt64.max, using: &random) : 0
        return condition(index, comparison, value, wanted)
    }

    private static func condition(_ index: Int, _ comparison: String, _ value: UInt64, _ second: UInt64 = 0) -> String {
        "{\"index\": \(index), \"value\": \(value), \"valueTwo\": \(second), \"op\": \"SCMP_CMP_\(comparison)\"}"
    }
}
