import API
import AuditLog
import Foundation
import JSON
import Jobs
import Linux
import Measure
import ServiceTesting
import Synchronization
import Testing

/// The commands on the real log of a made-up node, served as a supervisor serves it.
@Suite("aibom audit", .enabled(if: geteuid() == 0), .timeLimit(.minutes(2)))
struct AuditCommandTests {
    private let folder: TemporaryFolder
    private let service = FakeService()
    private let signer: MemoryNoteSigner
    private static let job = "01936b2a-7c1e-7f3a-9d52-6c1f0b7a8e44"
    private static let other = "01936b2a-7c1e-7f3a-9d52-6c1f0b7a8e45"
    private static let start: Int64 = 1_800_000_000_000

    init() throws {
        folder = try TemporaryFolder()
        signer = try MemoryNoteSigner(name: "audit.example/log", kind: .ed25519, seed: Digest.of([1]))
        try append(Self.story, to: "log")
        try serve("log")
    }

    private static func at(_ second: Int64) -> Instant { Instant(milliseconds: start + second * 1000) }

    private static var story: [LogEntry] {
        get throws {
            let digest = JSON.string("sha256:\(Digest.of([5]))")
            return [
                try LogEntry(
                    .supervisorStarted, at: at(0), actor: "supervisor",
                    detail: ["version": "1", "executable": digest, "host": [:], "previous": "did not stop in order"]),
                try LogEntry(
                    .keyChanged, at: at(1), actor: "supervisor",
                    detail: ["use": "documents", "key_id": "k1", "change": "new"]),
                try LogEntry(
                    .jobSubmitted, at: at(10), actor: "uid:7", owner: "uid:7", job: job,
                    detail: ["inputs": ["model": digest], "rootfs": "keras", "policy": "strict"]),
                try LogEntry(
                    .jobDeniedCalls, at: at(20), severity: .medium, actor: "supervisor", owner: "uid:7", job: job,
                    detail: ["attempt": 1, "calls": ["ptrace": 3, "mount": 1]]),
                try LogEntry(
                    .jobSealed, at: at(30), actor: "supervisor", owner: "uid:7", job: job,
                    detail: ["attempt": 1, "outcome": "completed", "artifacts": ["aibom.json": digest]]),
                try LogEntry(
                    .jobState, at: at(31), actor: "supervisor", owner: "uid:7", job: job,
                    detail: ["from": "sealing", "to": "completed", "attempt": 1]),
                try LogEntry(
                    .jobRefused, at: at(40), severity: .low, actor: "=cmd,\"x\"",
                    detail: ["reason": "urn:aibom:problem:invalid"]),
                try LogEntry(
                    .clockStepped, at: at(50), severity: .high, actor: "supervisor",
                    detail: ["milliseconds": -7_200_000]
                ),
            ]
        }
    }

    private func append(_ entries: [LogEntry], to name: String, by signer: MemoryNoteSigner? = nil) throws {
        let log = try Log(in: OwnedDescriptor.directory("\(folder.path)/\(name)"), signer: signer ?? self.signer)
        for entry in entries { try log.append(entry) }
        try log.close()
    }

    /// Has the service show the log in the folder `name`, and no other.
    private func serve(_ name: String) throws {
        var files: [String: [UInt8]] = [:]
        let root = "\(folder.path)/\(name)"
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) where !path.hasPrefix("journal") {
            guard let bytes = FileManager.default.contents(atPath: "\(root)/\(path)") else { continue }
            files[path] = Array(bytes)
        }
        service.state.withLock {
            $0.logFiles = files
            $0.logKey = signer.key.description
        }
    }

    private func filler(_ count: Int, marked mark: String = "") throws -> [LogEntry] {
        try (0..<count).map { number in
            try LogEntry(
                .evidenceRead, at: Self.at(60 + Int64(number)), actor: "auditor\(mark)", owner: "uid:8",
                job: Self.other,
                detail: ["artifact": "aibom.json"])
        }
    }

    private func audit(_ arguments: String..., environment: [String: String] = [:]) async throws -> BuiltAibom.Run {
        let run = Mutex<BuiltAibom.Run?>(nil)
        try await RunningServer.with(service) { socket in
            let ended = try await BuiltAibom.run(["audit"] + arguments + ["--socket", socket])
            run.withLock { $0 = ended }
        }
        return try #require(run.withLock { $0 })
    }

    private func indices(_ run: BuiltAibom.Run) throws -> [Int64] {
        #expect(run.status == 0, "\(run.err)")
        let entries = try JSON.parse(run.out, limits: .document)["entries"]?.arrayValue ?? []
        return entries.compactMap { $0["index"]?.integerValue }
    }

    @Test(
        "lists what matches all that is asked for",
        arguments: [
            (["--event", "job"], [2, 3, 4, 5, 6]), (["--event", "job.sealed", "--event", "key"], [1, 4]),
            (["--owner", "uid:7", "--severity", "medium"], [3]), (["--job", job], [2, 3, 4, 5]),
            (["--text", "PTRACE"], [3]), (["--severity", "high"], [7]), (["--limit", "2"], [6, 7]),
            (["--since", "2027-01-15T08:00:20.000Z", "--until", "2027-01-15T08:00:31.000Z"], [3, 4]),
            (["--since", "2027-01-15T09:00:00.000Z"], []),
        ] as [([String], [Int64])])
    func lists(arguments: [String], expected: [Int64]) async throws {
        let log = "\(folder.path)/log"
        let run = try await BuiltAibom.run(
            ["audit", "list", "--json", "--log", log, "--log-key", signer.key.description] + arguments)
        #expect(try indices(run) == expected)
    }

    @Test("says what it does not know instead of listing nothing")
    func mistakes() async throws {
        let log = "\(folder.path)/log"
        for arguments in [["--event", "job.seald"], ["--severity", "grave"], ["--since", "yesterday"]] {
            #expect(try await BuiltAibom.run(["audit", "list", "--log", log] + arguments).status == 2, "\(arguments)")
        }
        let missing = try await audit("show", "8")
        #expect(missing.status == 1 && missing.err.contains("numbered from 0"))
    }

    @Test("fetches, derives and compares; a copy notices another past")
    func copies() async throws {
        let copy = "\(folder.path)/copy"
        #expect(try await audit("verify", "--copy", copy).status == 0)
        try append(filler(600), to: "log")
        try serve("log")
        let grown = try await audit("verify", "--copy", copy, "--json")
        #expect(grown.status == 0, "\(grown.text)")
        #expect(try JSON.parse(grown.out, limits: .document)["entries"] == 608)
        // Without the service: the copy is a log of its own.
        let alone = try await BuiltAibom.run(["audit", "verify", "--log", copy])
        #expect(alone.status == 0 && alone.err.contains("608 entries"), "\(alone.err)")
        let tile = try folder.read("copy/tile/0/000")
        #expect(try tile == folder.read("log/tile/0/000"))

        // Another past of the same length, an older one, a stranger's.
        try append(Self.story + filler(600, marked: "!"), to: "fork")
        try append(Self.story + filler(10), to: "old")
        let stranger = try MemoryNoteSigner(name: "audit.example/log", kind: .ed25519, seed: Digest.of([2]))
        try append(Self.story, to: "stranger", by: stranger)
        for (name, word) in [
            ("fork", "not those of your copy"), ("old", "your copy has seen 608"), ("stranger", "not"),
        ] {
            try serve(name)
            let run = try await audit("verify", "--copy", copy, "--log-key", signer.key.description)
            #expect(run.status == 4 && run.err.contains(word), "\(name): \(run.err)")
        }
        try serve("log")
        #expect(try await audit("verify", "--copy", copy).status == 0)
    }

    @Test("names a tile that the service shows and that is not of its entries")
    func swappedTile() async throws {
        try append(filler(300), to: "log")
        try serve("log")
        service.state.withLock { $0.logFiles["tile/0/000"]?[40] ^= 1 }
        let run = try await audit("verify", "--json")
        #expect(run.status == 4)
        let findings = try JSON.parse(run.out, limits: .document)["findings"]?.arrayValue ?? []
        #expect(findings.map { $0["name"] } == ["swapped-tile"])
    }

    @Test("proves a seal by its job, and any entry by its number")
    func proves() async throws {
        for (what, index) in [(Self.job, 4), ("6", 6)] {
            let run = try await audit("prove", what)
            #expect(run.status == 0, "\(run.err)")
            let proof = try TlogProof(run.out)
            #expect(proof.index == UInt64(index))
            try proof.verify(entry: try #require(proof.extra), log: signer.key)
        }
        #expect(try await audit("prove", Self.other).status == 1)
        #expect(try await audit("prove", "nothing").status == 1)
    }

    @Test("exports every entry in each format")
    func exports() async throws {
        let lines = try await audit("export").text.split(separator: "\n")
        #expect(lines.count == 8)
        for (index, line) in lines.enumerated() {
            #expect(try JSON.parse(Array(line.utf8), limits: .document)["index"] == .integer(Int64(index)))
        }
        let csv = try await audit("export", "--format", "csv").text
        #expect(csv.hasPrefix("index,time,severity,event,actor,owner,job,detail\r\n"))
        // A formula is text, and a quote is doubled.
        #expect(csv.contains("\"'=cmd,\"\"x\"\"\""))
        #expect(csv.components(separatedBy: "\r\n").count == 10)
        let events = try await audit("export", "--format", "ocsf", "--event", "job").text.split(separator: "\n")
        #expect(events.count == 5)
        for line in events {
            let event = try JSON.parse(Array(line.utf8), limits: .document)
            #expect(event["class_uid"] == 6003 && event["category_uid"] == 6)
            let activity = try #require(event["activity_id"]?.integerValue)
            #expect(event["type_uid"] == .integer(600_300 + activity))
            #expect(event["metadata"]?["version"] == "1.3.0" && event["metadata"]?["product"] != nil)
            for name in ["actor", "api", "src_endpoint", "severity_id", "time"] {
                #expect(event[name] != nil, "\(name)")
            }
        }
    }

    @Test("reports a period: what happened in it, and the keys that held")
    func reports() async throws {
        try append(filler(3), to: "log")
        try serve("log")
        let run = try await audit(
            "report", "--since", "2027-01-15T08:00:05.000Z", "--until", "2027-02-01T00:00:00.000Z", "--json")
        let report = try JSON.parse(run.out, limits: .document)
        #expect(report["entries"] == 9)
        #expect(report["jobs"]?["submitted"] == 1 && report["jobs"]?["outcomes"] == ["completed": 1])
        #expect(report["denied_calls"] == ["mount": 1, "ptrace": 3])
        #expect(report["refusals"] == ["urn:aibom:problem:invalid": 1])
        #expect(report["keys"] == ["documents": ["k1"]])
        #expect(report["evidence_reads"] == 3)
        #expect(report["gaps"]?.arrayValue?.count == 1)
        let text = try await audit(
            "report", "--since", "2027-01-15T07:00:00.000Z", "--until", "2027-02-01T00:00:00.000Z"
        ).text
        #expect(text.contains("did not stop in order") && text.contains("documents k1"))
    }

    @Test("enters a review")
    func reviews() async throws {
        let run = try await audit("review", "--through", "8", "--finding", "nothing unusual")
        #expect(run.status == 0, "\(run.err)")
        #expect(service.state.withLock { $0.reviews } == ["uid:0 8 nothing unusual"])
    }
}
