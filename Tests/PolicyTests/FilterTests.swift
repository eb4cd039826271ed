import Policy
import Testing

@Suite("Compiled filters")
struct FilterTests {
    @Test("the machine tells a filter that compares both halves from one that compares the lower")
    func detector() throws {
        func instruction(_ code: UInt16, _ t: UInt8, _ f: UInt8, _ constant: UInt32) -> [UInt8] {
            var bytes = [UInt8(code & 0xff), UInt8(code >> 8), t, f]
            withUnsafeBytes(of: constant.littleEndian) { bytes += $0 }
            return bytes
        }
        let (allow, deny) = (instruction(0x06, 0, 0, 0x7fff_0000), instruction(0x06, 0, 0, 0x0005_0001))
        let low = instruction(0x20, 0, 0, 16) + instruction(0x15, 0, 1, 5) + deny + allow
        let both =
            instruction(0x20, 0, 0, 20) + instruction(0x15, 0, 3, 0)
            + instruction(0x20, 0, 0, 16) + instruction(0x15, 0, 1, 5) + deny + allow
        let plain = CallSeen(number: 1, architecture: RuleReading.native, arguments: [5, 0, 0, 0, 0, 0])
        let high = CallSeen(number: 1, architecture: RuleReading.native, arguments: [5 | 1 << 32, 0, 0, 0, 0, 0])
        #expect(try FilterMachine(low).run(plain) == FilterMachine(both).run(plain))
        #expect(try FilterMachine(low).run(high) != FilterMachine(both).run(high))
        #expect(throws: FilterMachine.Fault.self) { try FilterMachine(instruction(0x05, 0, 0, 9)).run(plain) }
        #expect(throws: FilterMachine.Fault.self) { try FilterMachine([1, 2, 3]) }
    }

    @Test("the strict filter answers as its rules say, for every number and every edge of every argument")
    func strict() throws {
        let source = try Files.strict()
        let policy = try Policy(parsing: source)
        #expect(try agree(source, policy) > 4000)
    }

    @Test("a filter is shorter than libseccomp's, and both are within the kernel's limit", arguments: Files.shipped)
    func sizes(_ name: String) throws {
        let profile = try Policy(parsing: try Files.shipped(name)).seccomp
        let ours = try FilterMachine(try profile.compile().bytes).count
        let theirs = try FilterMachine(try profile.compileLinear().bytes).count
        #expect((50...300).contains(ours))
        #expect(ours * 3 < theirs * 2 && theirs <= 4096)
    }

    @Test("the same profile compiles to the same bytes, whose digest stands in the evidence")
    func deterministic() throws {
        let profile = try Policy(parsing: try Files.strict()).seccomp
        let first = try profile.compile()
        for _ in 0..<5 { #expect(try profile.compile() == first) }
    }

    @Test("every name of a shipped policy is a call of x86_64", arguments: Files.shipped)
    func names(_ name: String) throws {
        #expect(try Policy(parsing: try Files.shipped(name)).seccomp.compile(for: .amd64).unknownNames == [])
    }

    @Test(
        "every comparison looks at all 64 bits",
        arguments: ["NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"],
        [0, 1, 0x5412, 0x7fff_ffff, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001, 0x7fff_ffff_ffff_ffff])
    func comparison(_ name: String, _ value: Int) throws {
        let second = name == "MASKED_EQ" ? value & 0x5a5a_5a5a_5a5a_5a5a : 0
        for index in [0, 3, 5] {
            let policy = try Files.policy(
                rules: """
                    {"names": ["getpid", "read"], "action": "SCMP_ACT_ALLOW",
                     "args": [{"index": \(index), "value": \(value), "valueTwo": \(second), "op": "SCMP_CMP_\(name)"}]},
                    {"names": ["ioctl"], "action": "SCMP_ACT_KILL_PROCESS"}
                    """)
            #expect(try agree(policy.source, policy, numbers: 0...40) > 500)
        }
    }

    @Test("the conditions of one rule must hold together; any one of several rules is enough")
    func conditions() throws {
        let policy = try Files.policy(
            rules: """
                {"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [
                 {"index": 0, "value": 5, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 4294967296, "op": "SCMP_CMP_GE"}]},
                {"names": ["write"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 2, "value": 9, "op": "SCMP_CMP_EQ"}]},
                {"names": ["write"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 2, "value": 10, "op": "SCMP_CMP_EQ"}]}
                """)
        #expect(try agree(policy.source, policy, numbers: 0...40) > 500)
    }

    @Test("a rule that repeats the default action changes nothing")
    func repeated() throws {
        let policy = try Files.policy(
            rules: #"{"names": ["read"], "action": "SCMP_ACT_ERRNO"}, {"names": ["write"], "action": "SCMP_ACT_ALLOW"}"#
        )
        #expect(try agree(policy.source, policy) > 2000)
    }

    @Test("a name that no machine has is told, and grants nothing")
    func unknown() throws {
        let policy = try Files.policy(rules: #"{"names": ["raed", "read"], "action": "SCMP_ACT_ALLOW"}"#)
        #expect(try policy.seccomp.compile().unknownNames == ["raed"])
        #expect(try agree(policy.source, policy) > 2000)
    }
}
