import Policy
import Testing

@Suite("What becomes of each call")
struct CallTableTests {
    private func words(_ policy: String) throws -> [String: String] {
        let calls = try Policy(parsing: try Files.shipped(policy)).seccomp.calls(for: .amd64)
        return Dictionary(uniqueKeysWithValues: calls.map { ($0.name, $0.words) })
    }

    @Test(
        "in words",
        arguments: [
            ("read", "allowed"), ("chown", "denied (EPERM)"), ("ptrace", "denied, on record"),
            ("clone3", "absent (ENOSYS)"),
            ("socket", "allowed with conditions, denied, on record with conditions, else denied (EPERM)"),
            ("clone", "allowed with conditions, denied, on record with conditions, else denied (EPERM)"),
        ])
    func strict(_ name: String, _ expected: String) throws { #expect(try words("strict")[name] == expected) }

    @Test("with the conditions in the notation of C")
    func conditions() throws {
        let calls = try Policy(parsing: try Files.strict()).seccomp.calls(for: .amd64)
        let socket = try #require(calls.first { $0.name == "socket" })
        #expect(socket.cases.map(\.conditions) == [["argument 0 == 1"], ["argument 0 != 1"]])
        let clone = try #require(calls.first { $0.name == "clone" })
        #expect(clone.cases.first?.conditions == ["(argument 0 & 0x7e020080) == 0"])
        #expect(clone.cases.last?.conditions == ["(argument 0 & 0x40000000) == 0x40000000"])
    }

    @Test("every call of the machine, once, as the compiled program answers it", arguments: Architecture.allCases)
    func complete(_ architecture: Architecture) throws {
        let profile = try Policy(parsing: try Files.strict()).seccomp
        let calls = try profile.calls(for: architecture)
        #expect(calls.count > 280 && Set(calls.map(\.number)).count == calls.count)
        let machine = try FilterMachine(try profile.compile(for: architecture).bytes)
        let answers: [SeccompProfile.Action: UInt32] = [
            .allow: 0x7fff_0000, .notify: 0x7fc0_0000, .errno(1): 0x0005_0001, .absent: 0x0005_0026,
        ]
        for call in calls where call.cases.isEmpty {
            let seen = CallSeen(
                number: Int32(call.number), architecture: RuleReading.token(architecture),
                arguments: [UInt64](repeating: 3, count: 6))
            #expect(try machine.run(seen) == answers[call.otherwise], "\(call.name)")
        }
    }

    @Test("a call above all that a profile names is absent, and kept absent from the table's other answers")
    func beyond() throws {
        let calls = try Files.policy(rules: #"{"names": ["read", "close"], "action": "SCMP_ACT_ALLOW"}"#).seccomp
            .calls(for: .amd64)
        #expect(calls.first { $0.name == "write" }?.otherwise == .errno(1))
        #expect(calls.first { $0.name == "stat" }?.otherwise == .absent)
    }
}
