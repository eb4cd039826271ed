import Foundation
import GRDB
import JSON
import Jobs
import Measure
import Testing

@testable import JobStore

@Suite("job store")
struct JobStoreTests {
    let folder: Folder
    let store: JobStore

    init() throws {
        folder = try Folder()
        store = try folder.jobs()
    }

    @Test("waits for the disk at every commit, and keeps its references whole")
    func waitsForDisk() throws {
        let pragmas = try store.write("look") { database in
            try ["synchronous", "journal_mode", "foreign_keys"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(pragmas == ["2", "wal", "1"])
    }

    @Test("gives back a job as it was accepted, also after a restart")
    func givesBack() throws {
        let new = try newJob()
        let job = try store.accept(new, at: Instant(milliseconds: 42)).job
        #expect(job.state == .queued)
        #expect(job.attempt == 1)
        #expect(job.inputs == new.inputs)
        #expect(job.parameters == new.parameters)
        #expect(job.metadata == new.metadata)
        #expect(job.times == [.received: Instant(milliseconds: 42), .queued: Instant(milliseconds: 42)])
        #expect(try store.job(new.id) == job)
        #expect(try folder.jobs().job(new.id) == job)
    }

    @Test("knows a job that it has not")
    func knowsMissing() {
        let id = ids.next()
        #expect(throws: StoreError.noSuchJob(id)) { try store.job(id) }
        #expect(throws: StoreError.noSuchJob(id)) { try store.artifacts(of: id) }
        #expect(throws: StoreError.noSuchJob(id)) { try store.follow(id) }
        #expect(throws: StoreError.noSuchJob(id)) { try store.move(id, from: .received, to: .queued) }
    }

    @Test("takes a job through its life, with the time of each state")
    func takesThroughLife() throws {
        let job = try store.job(through: .received, .queued, .staging, .running, .sealing)
        let artifact = Artifact(name: "metrics.json", role: .metrics, blob: Blob(digest: Digest.of([1]), size: 1))
        let done = try store.finish(job.id, from: .sealing, as: .completed, artifacts: [artifact])
        #expect(done.state == .completed)
        #expect(Set(done.times.keys) == [.received, .queued, .staging, .running, .sealing, .completed])
        #expect(try store.artifacts(of: job.id) == [artifact])
    }

    @Test("moves a job only from the state that the caller saw")
    func comparesAndSets() throws {
        let job = try store.job(through: .received, .queued)
        try store.move(job.id, from: .queued, to: .staging)
        #expect(throws: StoreError.lostRace(job.id, expected: .queued, found: .staging)) {
            try store.move(job.id, from: .queued, to: .staging)
        }
        #expect(throws: StoreError.noSuchMove(job.id, from: .staging, to: .received)) {
            try store.move(job.id, from: .staging, to: .received)
        }
        #expect(throws: StoreError.noSuchMove(job.id, from: .sealing, to: .completed)) {
            try store.move(job.id, from: .sealing, to: .completed)
        }
        #expect(try store.job(job.id).state == .staging)
    }

    @Test("lets one of many racers win")
    func letsOneWin() async throws {
        let job = try store.job(through: .received, .queued)
        let wins = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask { [store] in
                    (try? store.move(job.id, from: .queued, to: .staging)) == nil ? 0 : 1
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wins == 1)
    }

    @Test("publishes nothing of a job whose end fails")
    func publishesTogether() throws {
        let job = try store.job(through: .received, .queued, .staging, .running, .sealing)
        let artifact = Artifact(name: "logs.txt", role: .logs, blob: Blob(digest: Digest.of([1]), size: 1))
        let problem = Problem("job-failed", "The job failed", detail: "exit status 1", remedy: "read its logs")
        #expect(throws: StoreError.lostRace(job.id, expected: .running, found: .sealing)) {
            try store.finish(job.id, from: .running, as: .cancelled, artifacts: [artifact])
        }
        #expect(throws: StoreError.self) {
            try store.finish(job.id, from: .sealing, as: .completed, artifacts: [artifact, artifact])
        }
        #expect(try store.artifacts(of: job.id) == [])
        #expect(try store.job(job.id).problem == nil)

        let failed = try store.finish(job.id, from: .sealing, as: .failed(problem), artifacts: [artifact])
        #expect(failed.problem == problem)
        #expect(try store.artifacts(of: job.id) == [artifact])
    }

    @Test("counts the attempts of a job that has to go again")
    func countsAttempts() throws {
        let job = try store.job(through: .received, .queued, .staging, .running, .queued, .staging, .queued)
        #expect(job.attempt == 3)
    }

    @Test("counts no attempt of a job that is put back in an orderly way, and puts back none that has moved on")
    func postpones() throws {
        let id = try store.job(through: .received, .queued, .staging, .running).id
        let job = try store.postpone(id, from: .running)
        #expect(job.state == .queued)
        #expect(job.attempt == 1)
        #expect(throws: StoreError.lostRace(id, expected: .running, found: .queued)) {
            try store.postpone(id, from: .running)
        }
    }

    @Test("sorts what a dead supervisor left")
    func recovers() throws {
        let received = try store.accept(newJob()).job.id
        let queued = try store.job(through: .received, .queued)
        try store.write("age") {
            try $0.execute(sql: "UPDATE jobs SET state = 'received' WHERE id = ?", arguments: [received.description])
        }
        let staging = try store.job(through: .received, .queued, .staging)
        let running = try store.job(through: .received, .queued, .staging, .running)
        let sealing = try store.job(through: .received, .queued, .staging, .running, .sealing)
        let ended = try store.job(through: .received, .queued)
        try store.finish(ended.id, from: .queued, as: .cancelled, artifacts: [])

        let again = try folder.jobs()
        let unfinished = try again.recover()
        let old = try again.job(received)
        #expect(unfinished == Unfinished(received: [old], broken: [staging, running], sealing: [sealing]))
        let waiting = QueuedJob(id: queued.id, owner: queued.owner, priority: 5, resources: ResourceAsk.usual)
        #expect(try again.queue() == [waiting])
    }

    @Test("lists from the newest down, page by page, by owner")
    func lists() throws {
        let mine = try (0..<5).map { _ in try store.accept(newJob(owner: "uid:7")).job.id }
        let theirs = try store.accept(newJob(owner: "uid:8")).job.id
        #expect(try store.jobs(JobFilter(limit: 2)).map(\.id) == [theirs, mine[4]])
        #expect(try store.jobs(JobFilter(owner: "uid:7", limit: 2)).map(\.id) == [mine[4], mine[3]])
        let rest = JobFilter(owner: "uid:7", after: mine[3], limit: 9)
        #expect(try store.jobs(rest).map(\.id) == [mine[2], mine[1], mine[0]])
        #expect(try store.jobs(JobFilter(owner: "' OR 1=1 --")).isEmpty)
        #expect(try store.jobs(in: .queued).map(\.id) == mine + [theirs])
    }

    @Test("says what is wrong with a row that no version wrote")
    func refusesUnreadableRow() throws {
        let id = try store.accept(newJob()).job.id
        try store.write("damage") { try $0.execute(sql: "UPDATE jobs SET state = 'lost'") }
        #expect(throws: StoreError.database(stage: "read state", detail: "not a value that this version writes")) {
            try store.job(id)
        }
    }
}
