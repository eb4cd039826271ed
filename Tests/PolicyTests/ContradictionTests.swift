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
        #expect("\(try #require(error))".hasPrefix("seccomp rule read: repeats the default action"))
        #expect(try !Files.policy(rules: deny).seccomp.compile().bytes.isEmpty)
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
