import GRDB
import Jobs
import Measure
import Testing

@testable import JobStore

@Suite("lists of jobs")
struct ListTests {
    let store: JobStore
    let folder: Folder

    init() throws {
        folder = try Folder()
        store = try folder.jobs()
    }

    @Test("are of the states asked for, the newest first, page by page")
    func states() throws {
        let made = try (0..<30).map { index -> (id: JobID, state: JobState, owner: String) in
            let owner = "uid:\(index % 2)"
            let id = try store.accept(newJob(owner: owner)).job.id
            switch index % 3 {
            case 0: return (id, .queued, owner)
            case 1: return (id, try store.move(id, from: .queued, to: .staging).state, owner)
            default: return (id, try store.finish(id, from: .queued, as: .cancelled, artifacts: []).state, owner)
            }
        }
        let all = Set(JobState.allCases)
        for states in [[], [.queued], [.queued, .cancelled], [.failed], all] as [Set<JobState>] {
            for owner in [nil, "uid:1", "uid:9"] {
                let expected = made.reversed().filter {
                    (states.isEmpty || states.contains($0.state)) && (owner == nil || $0.owner == owner)
                }.map(\.id)
                var seen: [JobID] = []
                while true {
                    let page = try store.jobs(JobFilter(owner: owner, states: states, after: seen.last, limit: 4))
                    seen += page.map(\.id)
                    if page.count < 4 { break }
                }
                #expect(seen == expected, "\(states) \(owner ?? "all")")
            }
        }
    }

    /// The planner's word that no list and no choice walks over jobs that have ended.
    @Test("and the queue are read from an index")
    func plans() throws {
        let questions = [
            "SELECT id FROM jobs WHERE owner = 'a' AND state = 'failed' AND id < 'x' ORDER BY id DESC LIMIT 5",
            "SELECT id FROM jobs WHERE owner = 'a' ORDER BY id DESC LIMIT 5",
            "SELECT id FROM jobs WHERE state = 'failed' ORDER BY id DESC LIMIT 5",
            "SELECT id, owner, priority FROM jobs WHERE state = 'queued' ORDER BY id",
            "SELECT id FROM jobs WHERE ended < 5 AND inputs_deleted IS NULL AND ended IS NOT NULL ORDER BY ended LIMIT 5",
            "SELECT 1 FROM inputs JOIN jobs ON jobs.id = inputs.job WHERE inputs.digest = x'00' AND jobs.inputs_deleted IS NULL",
            "SELECT max(job) FROM inputs WHERE digest = x'00'",
            "SELECT 1 FROM artifacts WHERE digest = x'00'", "SELECT 1 FROM held_blobs WHERE digest = x'00'",
        ]
        for question in questions {
            let plan = try store.read("explain") { database in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(question)").map { $0["detail"] as String }
            }
            #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(question): \(plan)")
        }
    }

    @Test("are counted as the jobs move, also when a move is rolled back")
    func counts() throws {
        let job = try store.job(through: .received, .queued, .staging)
        try store.accept(newJob())
        #expect(throws: StoreError.self) { try store.move(job.id, from: .queued, to: .staging) }
        #expect(try store.tally() == [.queued: 1, .staging: 1])
        try store.postpone(job.id, from: .staging)
        #expect(try store.tally() == [.queued: 2])
    }
}
