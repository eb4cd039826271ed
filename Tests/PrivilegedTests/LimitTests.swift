import Foundation
import JSON
import Testing

@Suite("Limits of a job", .enabled(if: Privilege.isThere, Privilege.reason))
struct LimitTests {
    /// Runs one of the hostile programs to its end.
    private func run(
        _ program: String..., limits: [String: Int] = [:], options: [String] = []
    ) throws -> (document: JSON, lines: [String]) {
        let marker = UUID().uuidString
        let document = try Probe.scenario(
            "run", policy: try Policies.strict(limits), options + ["env.MARKER=\(marker)"],
            program: ["/bin/hostile"] + program)
        #expect(document["survivors"] == 0, "every process of the job is dead when run() returns")
        #expect(Host.processes(marked: marker).isEmpty)
        let output = try #require(document["output"]?.stringValue, "\(document)")
        return (document, output.split(separator: "\n").map(String.init))
    }

    @Test("a file of 1 TiB can't be made by truncation, by a write far out, nor by allocation")
    func sparse() throws {
        #expect(try run("exhaust-file").lines == ["ftruncate\t-1 EFBIG", "pwrite\t-1 EFBIG", "fallocate\t-1 EFBIG"])
    }

    @Test("a folder that is full takes no more bytes, and no memory of the host's", arguments: ["/out", "/tmp"])
    func space(_ folder: String) throws {
        let limits = ["output_bytes": 8 << 20, "scratch_bytes": 8 << 20]
        let line = try #require(try run("exhaust-space", folder, limits: limits).lines.first)
        let parts = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
        let bytes = try #require(Int(parts[1]))
        #expect(parts[2] == "ENOSPC")
        #expect((7 << 20...8 << 20).contains(bytes))
    }

    @Test("a folder takes no more files than its limit", arguments: ["/out", "/tmp"])
    func entries(_ folder: String) throws {
        let limits = ["output_entries": 50, "scratch_entries": 50]
        #expect(try run("exhaust-entries", folder, limits: limits).lines == ["entries\t49 ENOSPC"])
    }

    @Test("processes stop at the limit, and all of them die with the job")
    func processes() throws {
        let line = try #require(try run("exhaust-processes", limits: ["processes": 20]).lines.first)
        #expect(line.hasSuffix(" EAGAIN"))
        let count = try #require(Int(line.dropFirst("processes\t".count).prefix { $0 != " " }))
        #expect((1...19).contains(count))
    }

    @Test("descriptors stop at the limit, of which four are in use")
    func descriptors() throws {
        #expect(try run("exhaust-descriptors", limits: ["open_files": 32]).lines == ["descriptors\t28 EMFILE"])
    }

    @Test("a job that ignores every signal is killed when its time and its grace are over")
    func stubborn() throws {
        let outcome = try run("linger", limits: ["wall_seconds": 1, "grace_seconds": 1]).document["outcome"]
        #expect(outcome?["cause"] == "timedOut")
        #expect(outcome?["status"] == "signalled 9")
        let milliseconds = try #require(outcome?["milliseconds"]?.integerValue)
        #expect((1900...3500).contains(milliseconds))
    }

    @Test("a job that heeds SIGTERM ends by itself within its grace")
    func obedient() throws {
        let outcome = try run("obey", limits: ["wall_seconds": 1, "grace_seconds": 30]).document["outcome"]
        #expect(outcome?["cause"] == "timedOut")
        #expect(outcome?["status"] == "exited 7")
        #expect(try #require(outcome?["milliseconds"]?.integerValue) < 5000)
    }

    @Test("a cancelled job is asked, then killed", arguments: [0, 200])
    func cancelled(_ delay: Int) throws {
        let outcome = try run("linger", limits: ["grace_seconds": 1], options: ["cancel=\(delay)"]).document["outcome"]
        #expect(outcome?["cause"] == "cancelled")
        #expect(outcome?["status"] == "signalled 9")
        #expect(try #require(outcome?["milliseconds"]?.integerValue) < 5000)
    }

    @Test("a cancelled job that heeds the request ends as it likes")
    func cancelledPolitely() throws {
        let outcome = try run("obey", limits: ["grace_seconds": 30], options: ["cancel=200"]).document["outcome"]
        #expect(outcome?["cause"] == "cancelled")
        #expect(outcome?["status"] == "exited 7")
    }

    @Test("a daemon that forked away is dead when the run is over, and writes no more")
    func daemon() throws {
        let document = try run("leave-daemon").document
        #expect(document["outcome"]?["status"] == "exited 0")
        let file = try #require(document["collected"]?["files"]?.arrayValue?.first)
        #expect(try #require(file["size"]?.integerValue) > 0, "it was at work")
    }

    @Test("a flood of output is drained to its end and stops nobody")
    func flood() throws {
        let document = try run("flood", "64").document
        #expect(document["outcome"]?["status"] == "exited 0")
        #expect(document["output_bytes"] == .integer(32 << 20))
        #expect(document["error_bytes"] == .integer(32 << 20))
    }

    @Test("a job that closes all its streams is waited for")
    func silent() throws {
        let outcome = try run("fall-silent", "300").document["outcome"]
        #expect(outcome?["cause"] == "ended")
        #expect(outcome?["status"] == "exited 5")
        #expect(try #require(outcome?["milliseconds"]?.integerValue) >= 290)
    }

    @Test("a job whose streams nobody holds and nobody closed is over when it is dead")
    func hidden() throws {
        let start = ContinuousClock.now
        let document = try run("hide-streams").document
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(document["outcome"]?["status"] == "exited 0")
        #expect(document["collected"]?["files"]?.arrayValue?.count == 1)
    }
}
