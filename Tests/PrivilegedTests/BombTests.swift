import Foundation
import JSON
import Testing

@Suite("A job that takes all there is", .enabled(if: Privilege.isThere, Privilege.reason))
struct BombTests {
    private func run(_ program: [String], limits: [String: Int] = [:]) throws -> (document: JSON, lines: [String]) {
        let marker = UUID().uuidString
        let document = try Probe.scenario(
            "run", policy: try Policies.strict(limits), ["env.MARKER=\(marker)"], program: ["/bin/hostile"] + program)
        #expect(document["survivors"] == 0, "every process of the job is dead when run() returns")
        #expect(Host.processes(marked: marker).isEmpty)
        let output = try #require(document["output"]?.stringValue, "\(document)")
        return (document, output.split(separator: "\n").map(String.init))
    }

    /// The next job starts, and starts at once.
    private func expectNextLaunch() throws {
        let outcome = try run(["whoami"]).document["outcome"]
        #expect(outcome?["cause"] == "ended")
        #expect(outcome?["status"] == "exited 0")
        #expect(try #require(outcome?["milliseconds"]?.integerValue) < 1000)
    }

    private func expectKilled(_ outcome: JSON?) throws {
        #expect(outcome?["cause"] == "timedOut")
        #expect(outcome?["status"] == "signalled 9")
        #expect((1000...4000).contains(try #require(outcome?["milliseconds"]?.integerValue)))
    }

    @Test("of processes, each of which makes more and heeds nothing, is killed on time, and the next job starts")
    func bomb() throws {
        let limits = ["processes": 200, "wall_seconds": 1, "grace_seconds": 0]
        try expectKilled(try run(["bomb"], limits: limits).document["outcome"])
        try expectNextLaunch()
    }

    @Test("of pids, by dead children or by threads, is stopped at the same limit")
    func pids() throws {
        // The first process counts too.
        #expect(try run(["exhaust-zombies"], limits: ["processes": 20]).lines == ["zombies\t19 EAGAIN"])
        #expect(try run(["exhaust-threads"], limits: ["processes": 20]).lines == ["threads\t19 EAGAIN"])
        try expectNextLaunch()
    }

    @Test("of descriptors, by whatever call, is stopped at one limit")
    func kinds() throws {
        let lines = try run(["exhaust-kinds"], limits: ["open_files": 64]).lines
        #expect(lines == ["kinds\t60 EMFILE", "pipe\tEMFILE", "socketpair\tEMFILE"])
    }

    @Test("of time, stopped by itself with all its children, is killed all the same")
    func stopped() throws {
        let outcome = try run(["stop"], limits: ["wall_seconds": 1, "grace_seconds": 0]).document["outcome"]
        try expectKilled(outcome)
    }

    @Test("of memory in files has what its folders hold and no more", arguments: ["tmp", "shm", "out"])
    func files(_ place: String) throws {
        let limits = ["output_bytes": 40 << 20, "scratch_bytes": 40 << 20]
        let (document, lines) = try run(["exhaust-memory", place], limits: limits)
        // A page that a tmpfs has no room for is a bus error.
        #expect(document["outcome"]?["status"] == "signalled 7")
        #expect(lines == ["memory\t16", "memory\t32"])
        try expectNextLaunch()
    }

    @Test("of memory that can't be swapped has no more than its limit, and none that outlives it")
    func locked() throws {
        #expect(try run(["exhaust-memory", "locked"]).lines == ["refused\tENOMEM"])
        #expect(try run(["exhaust-memory", "system-v"]).lines == ["refused\tEPERM"])
    }

    @Test(
        "of memory of the kernel's, by pipes and sockets, has what its descriptors hold",
        arguments: ["sockets", "pipes"])
    func kernelMemory(_ kind: String) throws {
        let (document, lines) = try run(["exhaust-memory", kind], limits: ["open_files": 64])
        #expect(document["outcome"]?["status"] == "exited 0")
        #expect(lines.last == "refused\tEMFILE")
        try expectNextLaunch()
    }

    @Test("of the report's room is read to its end")
    func report() throws {
        let document = try run(["flood", "16", "3"]).document
        #expect(document["outcome"]?["status"] == "exited 0")
        #expect(document["report_bytes"] == .integer(16 << 20))
    }

    /// 64 MiB is enough for the first steps of each; of mappings the kernel allows less than that.
    static let sources = [
        ("anonymous", 64), ("shared", 64), ("tmp", 64), ("shm", 64), ("out", 64), ("children", 64), ("sockets", 64),
        ("pipes", 64), ("mappings", 16),
    ]

    @Test("of memory, of whatever kind and whoever's, is killed when its group has no more", arguments: sources)
    func memory(_ kind: String, _ mebibytes: Int) throws {
        let outcome = try run(["exhaust-memory", kind], limits: ["memory_bytes": mebibytes << 20]).document["outcome"]
        #expect(outcome?["cause"] == "ended")
        #expect(outcome?["out of memory"] == true)
        #expect(try #require(outcome?["usage"]?["peak"]?.integerValue) <= mebibytes << 20)
        try expectNextLaunch()
    }

    @Test("of timers has as many as its policy allows processes, twice, also where no group counts their memory")
    func timers() throws {
        let outcome = try run(["exhaust-timers"], limits: ["processes": 20])
        #expect(outcome.lines == ["timers\t40 EAGAIN"])
        try expectNextLaunch()
    }

    @Test("of record locks has none: the kernel would count them as nobody's memory (CVE-2022-0480)")
    func locks() throws {
        #expect(
            try run(["exhaust-memory", "locks", "96"], limits: ["memory_bytes": 64 << 20]).lines == ["refused\tEPERM"])
    }
}
