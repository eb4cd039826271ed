import Foundation
import Policy
import Testing

/// What the check says of argument comparisons and of files that are a profile alone.
@Suite("Checking a profile")
struct ProfileCheckTests {
    private static func check(_ rules: String, default action: String = "SCMP_ACT_ERRNO") -> PolicyCheck {
        PolicyCheck(
            Array(
                """
                {
                 "defaultAction": "\(action)",
                 "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
                 "syscalls": [
                  {"names": ["execve", "exit_group", "write", "read", "sendmsg"], "action": "SCMP_ACT_ALLOW"},
                  \(rules)
                 ]
                }
                """.utf8))
    }

    private static func rule(
        _ name: String, _ index: Int, _ comparison: String, _ value: UInt64, _ second: UInt64 = 0,
        _ action: String = "ALLOW"
    ) -> String {
        """
        {"names": ["\(name)"], "action": "SCMP_ACT_\(action)",
         "args": [{"index": \(index), "value": \(value), "valueTwo": \(second), "op": "SCMP_CMP_\(comparison)"}]}
        """
    }

    @Test("an allow-list by value has nothing to hide behind upper bits")
    func harmless() {
        #expect(Self.check(Self.rule("socket", 0, "EQ", 1)).findings == [])
        #expect(Self.check(Self.rule("ioctl", 1, "MASKED_EQ", 0xffff_ffff, 0x5412, "NOTIFY")).findings == [])
    }

    @Test(
        "a denial by value is slipped past with upper bits",
        arguments: [
            (rule("ioctl", 1, "NE", 0x5412), "ioctl compares 64 bits of argument 1"),
            (rule("socket", 0, "GT", 2), "socket compares 64 bits of argument 0"),
            (rule("prctl", 0, "EQ", 1, 0, "ERRNO") + "," + rule("prctl", 0, "NE", 1), "prctl compares 64 bits"),
        ])
    func slipping(_ rules: String, _ problem: String) throws {
        let text = rules.replacing("\"SCMP_ACT_ERRNO\"", with: "\"SCMP_ACT_ERRNO\", \"errnoRet\": 13")
        let found = try #require(Self.check(text).findings.first)
        #expect(found.problem.hasPrefix(problem), "\(found)")
        #expect(found.severity == .warning && found.path == "/syscalls/1" && found.line == 6)
    }

    @Test("under a default that allows, a denied value is slipped past too")
    func denyList() {
        let check = Self.check(Self.rule("ioctl", 1, "EQ", 0x5412, 0, "ERRNO"), default: "SCMP_ACT_ALLOW")
        #expect(check.findings.contains { $0.path == "/defaultAction" && $0.severity == .error && $0.line == 2 })
        #expect(check.findings.contains { $0.problem.hasPrefix("ioctl compares 64 bits") })
        #expect(check.findings.contains { $0.problem.hasPrefix("unshare is allowed whatever") })
        #expect(check.findings.contains { $0.problem.hasPrefix("clone is allowed with CLONE_NEWNS, CLONE_NEWCGROUP") })
        #expect(check.findings.contains { $0.problem.hasPrefix("clone3 is allowed") })
    }

    @Test("half of an argument that the kernel reads whole")
    func truncated() {
        let check = Self.check(Self.rule("mmap", 1, "MASKED_EQ", 0xffff_ffff, 4096))
        #expect(check.findings.map(\.path) == ["/syscalls/1/args/0"])
        #expect(check.findings.first?.problem.contains("lower 32 bits of argument 1 of mmap") == true)
    }

    @Test("clone needs its namespace flags masked, each of them")
    func clone() {
        #expect(Self.check(Self.rule("clone", 0, "MASKED_EQ", 0x7e02_0000)).findings == [])
        let lacking = Self.check(Self.rule("clone", 0, "MASKED_EQ", 0x6e02_0000)).findings
        #expect(lacking.map(\.severity) == [.error])
        #expect(lacking.first?.problem == "clone is allowed with CLONE_NEWUSER")
        let open = Self.check(#"{"names": ["clone"], "action": "SCMP_ACT_ALLOW"}"#).findings
        #expect(open.first?.problem.contains("CLONE_NEWNET") == true)
    }

    @Test("a container engine's profile is checked as such")
    func container() throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let source = Array(try Data(contentsOf: here.appending(path: "Vectors/container-form.json")))
        let kernel = PlatformFacts.Kernel(major: 6, minor: 1)
        let check = PolicyCheck(source, on: PlatformFacts(architecture: .amd64, kernel: kernel))
        #expect(!check.hasErrors, "\(check.findings)")
        let x32 = try #require(check.findings.first { $0.problem.hasPrefix("lists SCMP_ARCH_X32") })
        #expect(x32.path == "/archMap" && x32.line == 4)
        #expect(check.findings.contains { $0.problem.hasPrefix("ptrace is allowed whatever its arguments") })
        #expect(PolicyCheck(source).findings.first?.problem.hasPrefix("asks for the kernel's version") == true)
    }

    @Test("what can't be read is one error", arguments: ["", "[", "[]", "7", "{\"defaultAction\": 1}"])
    func unreadable(_ text: String) {
        let check = PolicyCheck(Array(text.utf8))
        #expect(check.hasErrors && check.findings.count == 1 && check.seccomp == nil)
    }
}
