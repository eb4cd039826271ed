import Policy
import Testing

@Suite("Checking a policy file")
struct PolicyCheckTests {
    @Test("the shipped policies have no errors, and strict and gpu not even warnings", arguments: Files.shipped)
    func shipped(_ name: String) throws {
        let check = PolicyCheck(try Files.shipped(name))
        #expect(!check.hasErrors, "\(check.findings)")
        #expect(name == "open" || check.findings.isEmpty, "\(check.findings)")
        #expect(check.seccomp != nil)
    }

    /// A change to the strict policy, and what the check must say to it.
    struct Fault: Sendable, CustomStringConvertible {
        let good: String
        let bad: String
        let severity: PolicyFinding.Severity
        let path: String
        let problem: String

        init(
            _ good: String, _ bad: String, _ severity: PolicyFinding.Severity, _ path: String, _ problem: String
        ) {
            (self.good, self.bad, self.severity, self.path, self.problem) = (good, bad, severity, path, problem)
        }

        var description: String { problem }
    }

    private static let allow = "\"action\": \"SCMP_ACT_ALLOW\""
    private static let strictRules = "\"syscalls\": ["

    /// A rule at the top of the list.
    private static func rule(_ names: String, _ rest: String = allow) -> String {
        "\"syscalls\": [{\"names\": [\(names)], \(rest)},"
    }

    private static func without(_ name: String, _ problem: String, _ path: String) -> Fault {
        Fault("\"\(name)\",", "", .error, path, problem)
    }

    static let faults: [Fault] = [
        Fault("\"name\": \"strict\"", "\"nmae\": \"strict\"", .error, "/nmae", "is unknown"),
        Fault("\"processes\": 512", "\"processes\": 0", .error, "/limits/processes", "is 0"),
        Fault("\"name\": \"strict\",", "", .error, "/name", "is not a string"),
        Fault("\"name\": \"strict\"", "\"name\" \"strict\"", .error, "", "is not valid JSON: json: expected"),
        Fault(
            "\"defaultAction\": \"SCMP_ACT_ERRNO\",\n    \"defaultErrnoRet\": 1",
            "\"defaultAction\": \"SCMP_ACT_ALLOW\"",
            .error, "/seccomp/syscalls/14/action", "is SCMP_ACT_NOTIFY, and the default action has no errno"),
        Fault(
            "\"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_AARCH64\"]", "\"architectures\": []", .warning,
            "/seccomp", "has no architectures"),
        Fault(
            "[\"SCMP_ARCH_X86_64\", ", "[\"SCMP_ARCH_X32\", \"SCMP_ARCH_X86_64\", ", .warning, "/seccomp/architectures",
            "lists SCMP_ARCH_X32, whose calls kill"),
        Fault(
            "[\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_AARCH64\"]", "[\"SCMP_ARCH_RISCV64\"]", .error,
            "/seccomp/architectures",
            "architectures: does not list"),
        Fault(strictRules, rule("\"mseall\""), .warning, "/seccomp/syscalls/0/names/0", "mseall is no call that"),
        Fault(
            strictRules, rule("\"getpid\", \"setuit\""), .warning, "/seccomp/syscalls/0/names/1",
            "setuit is no call that libseccomp knows on any machine; did you mean setuid?"),
        Fault(
            strictRules, rule("\"getpid\""), .warning, "/seccomp/syscalls/6/names/8", "getpid stands a second time"),
        Fault(
            strictRules, rule("\"vhangup\"", "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 0"), .warning,
            "/seccomp/syscalls/0/errnoRet", "is 0: the call does nothing"),
        Fault(
            strictRules, rule("\"ptrace\""), .error, "/seccomp/syscalls/0",
            "ptrace: allowed by one rule and denied, on record by another"),
        Fault(
            "{\"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38}",
            "{\"names\": [\"clone3\"], \(allow)}", .error, "/seccomp/syscalls/22", "clone3 is allowed, and its flags"),
        Fault(
            "{\"names\": [\"unshare\", \"setns\"], \"action\": \"SCMP_ACT_NOTIFY\"}",
            "{\"names\": [\"unshare\", \"setns\"], \(allow)}", .error, "",
            "setns is allowed whatever its arguments: it makes or joins namespaces"),
        Fault(
            "\"add_key\", \"request_key\", \"keyctl\"], \"action\": \"SCMP_ACT_NOTIFY\"",
            "\"add_key\", \"request_key\", \"keyctl\"], \(allow)", .error, "",
            "keyctl is allowed whatever its arguments"),
        Fault(
            "\"name_to_handle_at\", \"open_by_handle_at\", \"fanotify_init\", \"mknod\", \"mknodat\"], \"action\": \"SCMP_ACT_NOTIFY\"",
            "\"open_by_handle_at\"], \(allow)", .error, "", "open_by_handle_at is allowed"),
        without("execve", "execve is denied (EPERM), so no job could start", "/seccomp/defaultAction"),
        without("exit_group", "exit_group is denied (EPERM), so no job could start", "/seccomp/defaultAction"),
        without("sendmsg", "sendmsg is not allowed without conditions, and the launch", "/seccomp/defaultAction"),
        Fault(
            "\"read\", \"write\", \"readv\"", "\"write\", \"readv\"", .error, "/seccomp/defaultAction",
            "read is not allowed without conditions, and the launch"),
        Fault(
            "\"wall_seconds\": 3600", "\"wall_seconds\": 1", .warning, "/limits/grace_seconds",
            "is 5, more than wall_seconds, which is 1"),
        Fault(
            "\"file_bytes\": 4294967296", "\"file_bytes\": 4294967297", .warning, "/limits/file_bytes",
            "is 4294967297, more than output_bytes, which is 4294967296"),
        Fault(
            "\"memory_bytes\": 8589934592", "\"memory_bytes\": 4294967296", .warning, "/limits/output_bytes",
            "is 5368709120, more than memory_bytes, which is 4294967296"),
        Fault(
            "{\"path\": \"/\", \"allow\": [\"read\", ", "{\"path\": \"/\", \"allow\": [\"read\", \"write\", ", .warning,
            "/landlock/rules/0", "lets a job change files below /"),
        mount("/etc/ssl", .error, "lends /etc/ssl: /etc holds the host's passwords"),
        mount("/var/run/docker.sock", .error, "lends the socket /var/run/docker.sock"),
        mount("/srv/a.sock", .error, "lends the socket /srv/a.sock"),
        mount("/*", .error, "lends /*: /etc holds"),
        mount("/proc", .error, "lends /proc: /proc holds"),
    ]

    private static func mount(_ source: String, _ severity: PolicyFinding.Severity, _ problem: String) -> Fault {
        Fault(
            "\"mounts\": []",
            "\"mounts\": [\n    {\"source\": \"\(source)\", \"target\": \"/mnt/a\", \"required\": false}\n  ]",
            severity, "/mounts/0/source", problem)
    }

    @Test("each fault is found, with its place and its line", arguments: faults)
    func fault(_ fault: Fault) throws {
        let text = String(decoding: try Files.strict(), as: UTF8.self)
        let faulty = text.replacing(fault.good, with: fault.bad, maxReplacements: 1)
        try #require(faulty != text, "the fault is in the file")
        let check = PolicyCheck(Array(faulty.utf8))
        let found = try #require(
            check.findings.first { $0.problem.hasPrefix(fault.problem) }, "\(check.findings)")
        #expect(found.severity == fault.severity)
        #expect(fault.path.isEmpty || found.path == fault.path, "\(found.path)")
        #expect(!found.remedy.isEmpty)
        #expect((1...faulty.split(separator: "\n", omittingEmptySubsequences: false).count).contains(found.line))
        // The line is the one that the change is on, or for what is missing the one that it is missing from.
        let same = zip(text.split(separator: "\n"), faulty.split(separator: "\n")).prefix { $0 == $1 }.count
        let line = same + 1
        if found.path.hasPrefix("/limits/pro") || found.path.hasPrefix("/mounts") || found.path == "/nmae" {
            #expect((line...line + 1).contains(found.line))
        }
    }

    @Test("no second wall is a warning")
    func landlock() throws {
        let text = Files.small.replacing(
            "{\"minimum_abi\": 1, \"rules\": [{\"path\": \"/\", \"allow\": [\"read\"]}]}", with: "null")
        try #require(text != Files.small)
        let check = PolicyCheck(Array(text.utf8))
        #expect(check.findings.contains { $0.path == "/landlock" && $0.severity == .warning && $0.line == 8 })
    }
}
