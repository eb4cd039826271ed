import Foundation
import JSON
import Testing

@Suite("A job's control group", .enabled(if: Privilege.isThere, Privilege.reason))
struct GroupTests {
    private func run(_ program: String..., limits: [String: Int]) throws -> JSON {
        let document = try Probe.scenario(
            "run", policy: try Policies.strict(limits), program: ["/bin/hostile"] + program)
        return try #require(document["outcome"], "\(document)")
    }

    @Test("holds its memory: who takes more is killed, and the outcome says why")
    func memory() throws {
        let outcome = try run("fill-memory", "200", limits: ["memory_bytes": 64 << 20])
        #expect(outcome["status"] == "signalled 9")
        #expect(outcome["cause"] == "ended")
        #expect(outcome["out of memory"] == true)
        // Version 2 kills the whole group at once, and counts each of it.
        #expect(try #require(outcome["usage"]?["oom kills"]?.integerValue) >= 1)
        #expect((60 << 20...64 << 20).contains(try #require(outcome["usage"]?["peak"]?.integerValue)))
        let next = try run("fill-memory", "32", limits: ["memory_bytes": 64 << 20])
        #expect(next["status"] == "exited 0", "the next job starts normally at once")
        #expect(next["out of memory"] == false)
        #expect(next["usage"]?["oom kills"] == 0)
    }

    @Test("counts what lies in /out and /tmp as its memory", arguments: ["/out", "/tmp"])
    func files(_ folder: String) throws {
        let outcome = try run(
            "exhaust-space", folder,
            limits: ["memory_bytes": 32 << 20, "output_bytes": 1 << 30, "scratch_bytes": 1 << 30])
        #expect(outcome["status"] == "signalled 9")
        #expect(outcome["out of memory"] == true)
    }

    @Test("refuses processes beyond the limit, and counts how often")
    func processes() throws {
        let outcome = try run("exhaust-processes", limits: ["processes": 20])
        #expect(outcome["status"] == "exited 0")
        #expect(try #require(outcome["usage"]?["refused forks"]?.integerValue) > 0)
    }

    @Test("counts the time of all its processes, waited for or not")
    func time() throws {
        let outcome = try run("fill-memory", "64", limits: [:])
        let usage = try #require(outcome["usage"])
        let total = try #require(usage["user"]?.integerValue) + (try #require(usage["system"]?.integerValue))
        #expect(total > 0)
    }
}
