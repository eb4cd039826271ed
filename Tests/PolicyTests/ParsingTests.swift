import Policy
import Testing

@Suite("Policy files")
struct ParsingTests {
    @Test("the strict policy reads as its file says")
    func strict() throws {
        let source = try Files.strict()
        let policy = try Policy(parsing: source)
        #expect(policy.name == "strict")
        #expect(policy.builder == "urn:aibomgen:builder:strict:2")
        #expect(policy.source == source)
        #expect(policy.limits.processes == 512)
        #expect(policy.limits.lines.map(\.name).count == 16)
        #expect(policy.seccomp.defaultAction == .errno(1))
        #expect(
            policy.seccomp.rules.allSatisfy {
                $0.action == .allow || $0.action == .notify || $0.names == ["clone3"]
            })
    }

    @Test("every limit is read from its own field and no other")
    func limits() throws {
        let text = Files.small
        var seen: Set<String> = []
        for (name, value) in try Policy(parsing: Array(text.utf8)).limits.lines {
            let changed = text.replacing("\"\(name)\": \(value)", with: "\"\(name)\": \(value + 20_000)")
            let raised = text.replacing("\"\(name)\": \(value)", with: "\"\(name)\": \(value + 1)")
            let policy = try (try? Policy(parsing: Array(changed.utf8))) ?? Policy(parsing: Array(raised.utf8))
            let moved = zip(policy.limits.lines, try Policy(parsing: Array(text.utf8)).limits.lines)
                .filter { $0.0.value != $0.1.value }.map(\.0.name)
            #expect(moved == [name])
            seen.insert(name)
        }
        #expect(seen.count == 16)
    }

    @Test("without an errno the default is EPERM, as the OCI specification says")
    func defaultErrno() throws {
        let rule = #"{"names": ["read"], "action": "SCMP_ACT_ALLOW"}"#
        #expect(try Files.policy(rules: rule).seccomp.defaultAction == .errno(1))
    }

    @Test(
        "every action has its value",
        arguments: [
            ("SCMP_ACT_KILL_PROCESS", SeccompProfile.Action.killProcess), ("SCMP_ACT_KILL", .killThread),
            ("SCMP_ACT_KILL_THREAD", .killThread), ("SCMP_ACT_TRAP", .trap), ("SCMP_ACT_LOG", .log),
            ("SCMP_ACT_ALLOW", .allow), ("SCMP_ACT_ERRNO", .errno(1)),
        ])
    func actions(_ name: String, _ action: SeccompProfile.Action) throws {
        let rules = #"{"names": ["read"], "action": "\#(name)"}"#
        #expect(try Files.policy(rules: rules).seccomp.rules.first?.action == action)
        #expect(try Files.policy(rules: rules, default: name).seccomp.defaultAction == action)
    }

    @Test("the detector of refusals: the small policy is taken as it stands")
    func control() throws {
        #expect(throws: Never.self) { try Policy(parsing: Array(Files.small.utf8)) }
    }

    @Test("a faulty policy is refused with the field's path and a remedy", arguments: Refusal.all)
    func refused(_ refusal: Refusal) throws {
        let faulty = Files.small.replacing(refusal.good, with: refusal.bad, maxReplacements: 1)
        #expect(faulty != Files.small, "the fault is in the file")
        let error = try #require(throws: PolicyError.self) { try Policy(parsing: Array(faulty.utf8)) }
        guard case .field(let path, let problem, let remedy) = error else {
            Issue.record("not a field's error: \(error)")
            return
        }
        #expect(path == refusal.path)
        #expect(problem == refusal.problem)
        #expect(remedy.hasPrefix(refusal.remedy), "\(remedy)")
        #expect("\(error)" == "policy field \(path) \(problem); \(remedy)")
    }

    @Test(
        "what is not one JSON object of reasonable size is refused",
        arguments: ["", "{", "{} x", "[1,]", "{\"a\":1,\"a\":2}", String(repeating: "[", count: 100)])
    func syntax(_ text: String) {
        let error = #expect(throws: PolicyError.self) { try Policy(parsing: Array(text.utf8)) }
        guard case .syntax = error else {
            Issue.record("not a syntax error: \(String(describing: error))")
            return
        }
    }
}
