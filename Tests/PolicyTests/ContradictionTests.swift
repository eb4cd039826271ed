import Foundation
import Policy
import Testing

@Suite("A profile that does not mean what it would do is refused")
struct ContradictionTests {
    @Test("because it is for another machine")
    func architecture() throws {
        let text = Files.small.replacing("\"architectures\": []", with: "\"architectures\": [\"SCMP_ARCH_RISCV64\"]")
        try #require(text != Files.small)
        let profile = try Policy(parsing: Array(text.utf8)).seccomp
        let error = #expect(throws: PolicyError.self) { try profile.compile() }
        #expect("\(try #require(error))".contains("does not list SCMP_ARCH_"))
    }

    @Test("because a rule repeats the default action beside one that says otherwise")
    func overlap() throws {
        let deny = #"{"names": ["ptrace", "read"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}"#
        let allow = #"{"names": ["read"], "action": "SCMP_ACT_ALLOW"}"#
        let profile = try Files.policy(rules: "\(deny), \(allow)").seccomp
        let error = #expect(throws: PolicyError.self) { try profile.compile() }
        #expect(
            "\(try #require(error))".hasPrefix("seccomp rule read: denied (EPERM) by one rule and allowed by another;"))
        #expect(try !Files.policy(rules: deny).seccomp.compile().bytes.isEmpty)
    }

    private static func rule(_ action: String, _ comparison: String, _ value: UInt64, _ second: UInt64 = 0) -> String {
        """
        {"names": ["socket"], "action": "SCMP_ACT_\(action)",
         "args": [{"index": 0, "value": \(value), "valueTwo": \(second), "op": "SCMP_CMP_\(comparison)"}]}
        """
    }

    @Test(
        "because two of its conditions can hold together",
        arguments: [
            (rule("ALLOW", "EQ", 1), rule("NOTIFY", "NE", 2), "argument 0 = 1"),
            (rule("ALLOW", "EQ", 5), rule("NOTIFY", "MASKED_EQ", 4, 4), "argument 0 = 5"),
            (rule("ALLOW", "LE", 9), rule("NOTIFY", "GE", 9), "argument 0 = 9"),
            (rule("ALLOW", "MASKED_EQ", 3, 1), rule("NOTIFY", "MASKED_EQ", 12, 8), "argument 0 = 9"),
            (rule("ALLOW", "GT", 6), rule("NOTIFY", "MASKED_EQ", 5, 1), "argument 0 = 9"),
        ])
    func overlapping(_ one: String, _ other: String, _ example: String) throws {
        let profile = try Files.policy(rules: "\(one), \(other)").seccomp
        let error = #expect(throws: PolicyError.self) { try profile.compile() }
        let text = "\(try #require(error))"
        #expect(text.hasPrefix("seccomp rule socket: allowed by one rule and denied, on record by another"))
        #expect(text.contains(example), "\(text)")
    }

    @Test(
        "but not for conditions that exclude each other",
        arguments: [
            (rule("ALLOW", "EQ", 1), rule("NOTIFY", "NE", 1)), (rule("ALLOW", "LT", 9), rule("NOTIFY", "GE", 9)),
            (rule("ALLOW", "MASKED_EQ", 3, 1), rule("NOTIFY", "MASKED_EQ", 1, 0)),
            (rule("ALLOW", "GT", .max), rule("NOTIFY", "LT", 0)),
            (rule("ALLOW", "EQ", 4), rule("NOTIFY", "MASKED_EQ", 1, 1)),
        ])
    func disjoint(_ one: String, _ other: String) throws {
        let policy = try Files.policy(rules: "\(one), \(other)")
        #expect(try agree(policy.source, policy, numbers: 0...60) > 500)
    }

    @Test("but a condition may use all 64 bits")
    func wide() throws {
        let rule = """
            {"names": ["read"], "action": "SCMP_ACT_ALLOW",
             "args": [{"index": 0, "value": 18446744073709551615, "op": "SCMP_CMP_EQ"}]}
            """
        let profile = try Files.policy(rules: rule).seccomp
        #expect(profile.rules.first?.conditions.first?.value == .max)
    }
}
