import Foundation
import Glibc
import JSON
import Testing

@Suite("What a policy lends of the host", .enabled(if: Privilege.isThere, Privilege.reason))
struct LentTests {
    private func look(_ policy: String, _ paths: [String]) throws -> [String: [String]] {
        try Probe.look(policy, paths)
    }

    @Test("is nothing of the cgroup tree: a job's path begins at its supervisor's group")
    func groups() throws {
        let answer = try look(try Policies.strict(), ["/proc/self/cgroup"])
        let paths = try #require(answer["/proc/self/cgroup"]?.last).split(separator: "|")
            .compactMap { $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last }
        // Below the supervisor's group, or beside it where that may hold no other; "/" where a hierarchy is not used.
        for path in paths {
            let parts = path.split(separator: "/").drop { $0 == ".." }
            #expect(parts.first?.hasPrefix("aibom-") ?? true, "\(paths)")
        }
    }

    @Test("files and folders stand below /mnt, to read and nothing else; their neighbours don't")
    func mounts() throws {
        let folder = "\(Stage.folder)/lent-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(folder)/data/inner", withIntermediateDirectories: true)
        for name in ["libone.so.1", "libone.so.2", "secret", "data/inner/file"] {
            try Stage.write("\(folder)/\(name)", mode: 0o666, "\(name)\n")
        }
        let mounts = """
            [{"source": "\(folder)/libone.so*", "target": "/mnt/driver", "required": true},
             {"source": "\(folder)/data", "target": "/mnt", "required": true},
             {"source": "\(folder)/absent*", "target": "/mnt", "required": false}]
            """
        let paths = [
            "/mnt/driver/libone.so.1", "/mnt/driver/libone.so.2", "/mnt/driver/secret", "/mnt/data/inner/file",
            "/mnt/driver", "\(folder)/secret",
        ]
        let answers = try look(try Policies.strict(fields: ["mounts": mounts]), paths)
        #expect(answers[paths[0]] == ["done", "EROFS", "libone.so.1"])
        #expect(answers[paths[1]] == ["done", "EROFS", "libone.so.2"])
        #expect(answers[paths[2]] == ["ENOENT", "ENOENT", ""])
        #expect(answers[paths[3]] == ["done", "EROFS", "data/inner/file"])
        #expect(answers[paths[4]] == ["done", "EISDIR", ""])
        #expect(answers[paths[5]] == ["ENOENT", "ENOENT", ""])
    }

    @Test("devices are there beside the usual five, and no others")
    func devices() throws {
        // The machine's own /dev/full under another name: a device that does nothing.
        let name = "aibom-test-\(UUID().uuidString)"
        try #require(mknod("/dev/\(name)", S_IFCHR | 0o600, 1 << 8 | 7) == 0, "mknod: \(errno)")
        defer { unlink("/dev/\(name)") }
        let devices = "[{\"path\": \"/dev/\(name.prefix(20))*\", \"required\": true}]"
        let paths = ["/dev/\(name)", "/dev/null", "/dev/kmsg", "/dev/loop-control"]
        let answers = try look(try Policies.strict(fields: ["devices": devices]), paths)
        #expect(answers[paths[0]]?.prefix(2) == ["done", "done"])
        #expect(answers[paths[1]]?.prefix(2) == ["done", "done"])
        #expect(answers[paths[2]]?.prefix(2) == ["ENOENT", "ENOENT"])
        #expect(answers[paths[3]]?.prefix(2) == ["ENOENT", "ENOENT"])
        #expect(try look(try Policies.strict(), [paths[0]])[paths[0]]?.prefix(2) == ["ENOENT", "ENOENT"])
    }

    @Test(
        "is required or the job does not run",
        arguments: [
            (
                "devices", "[{\"path\": \"/dev/aibom-absent*\", \"required\": true}]",
                "/dev/aibom-absent* is not on this host"
            ),
            (
                "mounts", "[{\"source\": \"/absent/file\", \"target\": \"/mnt\", \"required\": true}]",
                "/absent/file is not on this host"
            ),
            ("devices", "[{\"path\": \"/dev/fd\", \"required\": true}]", "/dev/fd is not a character device"),
        ])
    func missing(_ field: String, _ value: String, _ what: String) throws {
        let document = try Probe.scenario("run", policy: try Policies.strict(fields: [field: value]))
        #expect(document["failure"] == ["kind": "unenforceable", "what": .string(what)])
    }
}
