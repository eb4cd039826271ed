import Foundation
import Policy
import Testing

/// Policy files to test with.
enum Files {
    static let shipped = ["strict", "gpu", "open"]

    /// A file in `policies/`.
    static func shipped(_ name: String) throws -> [UInt8] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return Array(try Data(contentsOf: root.appending(path: "policies/\(name).json")))
    }

    /// The policy that jobs run under.
    static func strict() throws -> [UInt8] { try shipped("strict") }

    /// The smallest policy that has every field.
    static let small = """
        {"name": "small", "summary": "for tests", "builder": "urn:test:1",
         "limits": {"wall_seconds": 60, "grace_seconds": 1,
          "memory_bytes": 16777216, "cpu_millicores": 1000, "cpu_weight": 100, "io_weight": 100, "processes": 8, "open_files": 64, "file_bytes": 4096,
          "locked_bytes": 0, "output_bytes": 4096, "output_entries": 8, "scratch_bytes": 4096, "scratch_entries": 8,
          "log_bytes": 1024, "report_bytes": 1024},
         "environment": [], "devices": [],
         "mounts": [],
         "landlock": {"minimum_abi": 1, "rules": [{"path": "/", "allow": ["read"]}]},
         "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1, "architectures": [],
          "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW",
           "args": [{"index": 0, "value": 7, "valueTwo": 0, "op": "SCMP_CMP_EQ"}]}]}}
        """

    /// A policy whose one rule is `rule`, over a default of `action`.
    static func policy(rules: String, default action: String = "SCMP_ACT_ERRNO") throws -> Policy {
        let old = try #require(small.range(of: "[{\"names\""))
        let text = small[..<old.lowerBound] + "[" + rules + "]}}"
        let withDefault = text.replacing(
            "\"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 1", with: "\"\(action)\"", maxReplacements: 1)
        return try Policy(parsing: Array(withDefault.utf8))
    }
}
