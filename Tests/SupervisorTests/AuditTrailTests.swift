import AuditLog
import Foundation
import JSON
import JobStore
import Jobs
import Linux
import Measure
import Synchronization
import Testing

@testable import Supervisor

/// A state folder with a job store and an audit log, and what a dead supervisor leaves of them.
private final class World: Sendable {
    let path: String
    private let ids = JobIDSource()

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("aibom-trail-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func signer() throws -> MemoryNoteSigner {
        try MemoryNoteSigner(name: "trail.example/log", kind: .ed25519, seed: Digest.of([1]))
    }

    /// A start of the supervisor, as far as the trail goes; ended in order, unless `body` leaves by throwing.
    @discardableResult
    func start<Answer>(
        signer: (any NoteSigner)? = nil, _ body: (JobStore, AuditTrail) throws -> Answer
    ) throws -> Answer {
        let jobs = try JobStore(path: "\(path)/jobs.sqlite")
        let trail = try AuditTrail(
            in: try OwnedDescriptor.directory(path), signer: try signer ?? Self.signer(), jobs: jobs,
            bell: TrailBell())
        let answer = try body(jobs, trail)
        try? trail.log.close()
        return answer
    }

    func newJob(owner: String = "uid:7") throws -> NewJob {
        let inputs = try InputRole.allCases.map { role in
            let name = try FileName("\(role.rawValue).bin", field: "file_name")
            let input = JobInput(role: role, fileName: name, digest: Digest.of(Array(role.rawValue.utf8)))
            return StoredInput(input, size: 7)
        }
        return NewJob(
            id: ids.next(), owner: owner, rootfs: "keras", policy: "strict", inputs: inputs, parameters: [],
            metadata: Metadata())
    }

    func entries() throws -> [LogEntry] {
        let reader = try TileReader(path: "\(path)/audit")
        let key = try Self.signer().key
        let report = LogVerifier(reader, key: key).verify()
        #expect(report.findings.isEmpty)
        var entries: [LogEntry] = []
        try reader.forEachEntry(in: 0..<report.entries, size: report.entries) { _, bytes throws(LogError) in
            entries.append(try LogEntry(bytes: bytes))
        }
        return entries
    }

    func copy(_ names: [String], to folder: String) throws {
        try? FileManager.default.removeItem(atPath: "\(path)/\(folder)")
        try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: false)
        for name in names where FileManager.default.fileExists(atPath: "\(path)/\(name)") {
            try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(path)/\(folder)/\(name)")
        }
    }

    func restore(_ names: [String], from folder: String) throws {
        for name in names {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
            guard FileManager.default.fileExists(atPath: "\(path)/\(folder)/\(name)") else { continue }
            try FileManager.default.copyItem(atPath: "\(path)/\(folder)/\(name)", toPath: "\(path)/\(name)")
        }
    }

    static let store = ["jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-shm"]
}

@Suite("the audit trail", .timeLimit(.minutes(1)))
struct AuditTrailTests {
    private func moves(_ entries: [LogEntry]) -> [String] {
        entries.map { entry in
            let state = entry.detail["from"]?.stringValue.map { " \($0)→\(entry.detail["to"]?.stringValue ?? "")" }
            return "\(entry.event)\(state ?? "")"
        }
    }

    @Test("tells of every move once, in the store's order and under its times")
    func drains() throws {
        let world = try World()
        let job = try world.start { jobs, trail in
            let job = try jobs.accept(world.newJob()).job
            try jobs.move(job.id, from: .queued, to: .staging)
            try trail.drain()
            try trail.drain()
            try jobs.move(job.id, from: .staging, to: .sealing)
            try jobs.finish(
                job.id, from: .sealing,
                as: .failed(Problem("host", "It failed", detail: "secret detail", remedy: "none")), artifacts: [])
            try trail.drain()
            #expect(try jobs.unlogged(limit: 10).isEmpty)
            return try jobs.job(job.id)
        }
        let entries = try world.entries()
        #expect(
            moves(entries) == [
                "job.submitted", "job.state received→queued", "job.state queued→staging", "job.state staging→sealing",
                "job.state sealing→failed",
            ])
        #expect(entries.allSatisfy { $0.job == job.id.description && $0.owner == "uid:7" })
        #expect(entries[0].actor == "uid:7" && entries[0].time == job.times[.received])
        #expect(entries[0].detail["inputs"]?["model"] == .string("sha256:\(Digest.of(Array("model".utf8)))"))
        #expect(entries[4].time == job.times[.failed] && entries[4].severity == .low)
        #expect(entries[4].detail["problem"] == "urn:aibom:problem:host")
        #expect(!entries.contains { "\($0)".contains("secret detail") })
    }

    @Test("catches up at the next start with what a dead supervisor committed and did not enter")
    func catchesUp() throws {
        let world = try World()
        try world.start { jobs, _ in _ = try jobs.accept(world.newJob()) }
        #expect(throws: LogError.self) { try TileReader(path: "\(world.path)/audit").entry(0, size: 1) }
        try world.start { jobs, _ in
            let left = try jobs.unlogged(limit: 10)
            #expect(left.isEmpty)
        }
        #expect(moves(try world.entries()) == ["job.submitted", "job.state received→queued"])
    }

    @Test(
        "enters nothing twice when a supervisor died between the entry and the store's note of it", arguments: [1, 3])
    func enteredTwice(deaths: Int) throws {
        let world = try World()
        try world.start { jobs, trail in
            for _ in 0..<3 { try jobs.accept(world.newJob()) }
            try trail.drain()
            let other = try jobs.accept(world.newJob()).job
            try jobs.move(other.id, from: .queued, to: .staging)
        }
        try world.copy(World.store, to: "before")
        try world.start { jobs, trail in
            try trail.note(
                .evidenceRead, actor: "uid:1", job: try #require(jobs.jobs(JobFilter()).first).id, ["artifact": "x"])
        }
        let whole = try world.entries()
        #expect(whole.count == 10)
        // The store as it was before the note, beside the log as it was after the entry.
        for _ in 0..<deaths {
            try world.restore(World.store, from: "before")
            try world.start { jobs, _ in
                let left = try jobs.unlogged(limit: 10)
                #expect(left.isEmpty)
            }
            #expect(try world.entries() == whole)
        }
    }

    @Test("refuses a log that is older than the store knows, though its own head file went back with it")
    func wentBackwards() throws {
        let world = try World()
        try world.start { jobs, _ in _ = try jobs.accept(world.newJob()) }
        try world.start { _, _ in }
        try world.copy(["audit", "audit.head"], to: "old")
        try world.start { jobs, trail in
            try jobs.accept(world.newJob())
            try trail.drain()
        }
        try world.restore(["audit", "audit.head"], from: "old")
        #expect(throws: TrailError.self) { try world.start { _, _ in } }
        do { try world.start { _, _ in } } catch let error as TrailError {
            #expect("\(error)".contains("the job store has seen 4"))
        }
    }

    @Test("tells of what changed, once, whenever the supervisor dies")
    func standing() throws {
        let world = try World()
        func policies(_ now: [String: String]) throws {
            try world.start { _, trail in
                try trail.noteChanges(.policyChanged, now) { name, value, change in
                    ["name": .string(name), "digest": .string("sha256:\(value)"), "change": .string(change)]
                }
            }
        }
        let (one, two) = (Digest.of([1]).hex, Digest.of([2]).hex)
        try policies(["strict": one, "open": one])
        try policies(["strict": one, "open": one])
        try world.copy(World.store, to: "before")
        try policies(["strict": two])
        try world.restore(World.store, from: "before")  // died between the entries and the marks
        try policies(["strict": two])
        try policies(["strict": one])
        try policies(["strict": two])
        let said = try world.entries().map {
            "\($0.detail["name"]?.stringValue ?? "") \($0.detail["change"]?.stringValue ?? "")"
        }
        #expect(
            said == [
                "open new", "strict new", "strict changed", "open gone", "strict changed", "strict changed",
            ])
    }

    @Test("tells of settings by name and digest, never by value")
    func settings() throws {
        let world = try World()
        for value in ["1", "1", "s3cret"] {
            try world.start { _, trail in try trail.noteSettings(["rate.x": value, "state": "/a"]) }
        }
        let entries = try world.entries()
        #expect(entries.map { $0.detail["settings"] } == [["rate.x", "state"], ["rate.x"]])
        #expect(!entries.contains { "\($0)".contains("s3cret") })
    }

    @Test("enters a seal once, and proves it")
    func seal() throws {
        let world = try World()
        let blob = Blob(digest: Digest.of([9]), size: 1)
        let artifact = Artifact(name: "aibom.json", role: .bom, blob: blob)
        let (job, first, second) = try world.start { jobs, trail in
            let job = try jobs.accept(world.newJob()).job
            let seal = SignedSeal(
                artifacts: [artifact], time: Instant(milliseconds: 1_800_000_000_000), logSize: trail.log.size,
                isFailure: false)
            let proof = try trail.enter(seal, of: job, isResumed: false)
            try trail.note(.supervisorStopped, ["reason": "test"])
            return (job, proof, try trail.enter(seal, of: job, isResumed: true))
        }
        let key = try World.signer().key
        for bytes in [first, second] {
            let proof = try TlogProof(bytes)
            let entry = try #require(proof.extra)
            try proof.verify(entry: entry, log: key)
            let read = try LogEntry(bytes: entry)
            #expect(read.job == job.id.description && read.detail["artifacts"]?["aibom.json"] != nil)
            #expect(proof.index == 2)
        }
        #expect(moves(try world.entries()).filter { $0 == "job.sealed" }.count == 1)
        // A seal that was signed and not entered is entered when it is taken up.
        try world.start { jobs, trail in
            let seal = SignedSeal(artifacts: [artifact], time: .now(), logSize: trail.log.size, isFailure: true)
            _ = try trail.enter(seal, of: job, isResumed: true)
        }
        #expect(moves(try world.entries()).filter { $0 == "job.sealed" }.count == 2)
    }

    @Test("says that it is in trouble while it takes nothing, and not after")
    func trouble() throws {
        let world = try World()
        try world.start { jobs, trail in
            try jobs.accept(world.newJob())
            try trail.log.close()
            #expect(throws: TrailError.self) { try trail.drain() }
            #expect(trail.trouble != nil)
            #expect(try jobs.unlogged(limit: 10).count == 2)
        }
        try world.start { _, trail in #expect(trail.trouble == nil) }
        #expect(try world.entries().count == 2)
    }

    @Test("goes on after a fault of the disk, without a restart, and says nothing twice")
    func mends() throws {
        let world = try World()
        try world.start { jobs, trail in
            try jobs.accept(world.newJob())
            try trail.drain()
            _ = try trail.log.publish()
            // Where the next bundle has to be, there is something else.
            let obstacle = "\(world.path)/audit/tile/entries/000.p/4"
            try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: false)
            try jobs.accept(world.newJob())
            try trail.drain()
            #expect(throws: LogError.self) { try trail.log.publish() }
            #expect(trail.log.hasFailed)
            try jobs.accept(world.newJob())
            #expect(throws: TrailError.self) { try trail.drain() }
            #expect(trail.trouble != nil)
            try FileManager.default.removeItem(atPath: obstacle)
            try trail.drain()
            #expect(trail.trouble == nil && !trail.log.hasFailed)
            let left = try jobs.unlogged(limit: 10)
            #expect(left.isEmpty)
        }
        let names = try world.entries().compactMap(\.moveName)
        #expect(names.count == 6 && Set(names).count == 6)
    }

    @Test("notices that the clock is behind the log")
    func clock() throws {
        let world = try World()
        let future = Instant(milliseconds: Instant.now().milliseconds + 7_200_000)
        try world.start { _, trail in
            try trail.noteClockBehind()
            try trail.note(.supervisorStopped, at: future, ["reason": "test"])
        }
        try world.start { _, trail in try trail.noteClockBehind() }
        let entries = try world.entries()
        #expect(entries.count == 2 && entries[1].event == .known(.clockStepped) && entries[1].severity == .high)
        #expect(entries[1].detail["milliseconds"]?.integerValue.map { $0 < -7_100_000 } == true)
    }
}
