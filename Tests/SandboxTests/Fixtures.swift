import Foundation
import Policy

@testable import Sandbox

/// A policy, a program, and descriptors that no process has.
enum Fixtures {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()

    static func strict(changing old: String = "", to new: String = "") throws -> ConfinedPolicy {
        let source = try Data(contentsOf: here.appending(path: "../../policies/strict.json"))
        let text = String(decoding: source, as: UTF8.self)
        let policy = try Policy(parsing: Array((old.isEmpty ? text : text.replacing(old, with: new)).utf8))
        return try ConfinedPolicy(policy, landlockABI: 7)
    }

    static let program = Program(
        path: "/usr/bin/python3", arguments: ["python3", "-m", "trainer", "/in/job.json"], environment: ["LANG=C.UTF-8"]
    )

    /// Every number differs from every other, and between two values of `base`.
    static func handles(_ base: Int32) -> Handles {
        Handles(
            standardInput: base, standardOutput: base + 1, standardError: base + 2, jobReport: base + 3,
            failureReader: base + 4, failureWriter: base + 5,
            namespaces: .init(user: base + 6, network: base + 7, ipc: base + 16, host: base + 17), root: base + 8,
            devices: base + 9, processors: base + 19, scratch: base + 18,
            inputs: .init(mount: base + 10, entries: [("model", base + 11), ("dataset", base + 12)]), lent: nil,
            output: base + 13, groups: [("memory", base + 14), ("pids", base + 15)])
    }

    static func tape(_ base: Int32 = 100, at target: String = "/run/a/job") throws -> Tape {
        Tape.confine(program, under: try strict(), at: target, handles(base))
    }

    /// The file that holds the canonical form of the tape above.
    static let golden = here.appending(path: "Vectors/strict.tape")
}
