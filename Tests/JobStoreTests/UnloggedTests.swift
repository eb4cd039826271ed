import Foundation
import GRDB
import Jobs
import Measure
import Testing

@testable import JobStore

@Suite("moves that the audit log has not heard of")
struct UnloggedTests {
    @Test("are noted with the move, in order across jobs, with what an entry says")
    func noted() throws {
        let jobs = try Folder().jobs()
        let one = try jobs.accept(newJob(owner: "ann")).job
        let two = try jobs.accept(newJob(owner: "bob")).job
        try jobs.move(one.id, from: .queued, to: .staging)
        try jobs.report(.note("no move"), of: one.id)
        let problem = Problem("host", "It failed", detail: "x", remedy: "y")
        try jobs.move(one.id, from: .staging, to: .sealing)
        try jobs.finish(one.id, from: .sealing, as: .failed(problem), artifacts: [])
        let moves = try jobs.unlogged(limit: 100)
        #expect(moves.map(\.job) == [one.id, one.id, two.id, two.id, one.id, one.id, one.id])
        #expect(moves.map(\.sequence) == [1, 2, 1, 2, 3, 5, 6])
        #expect(moves.map(\.state) == [.received, .queued, .received, .queued, .staging, .sealing, .failed])
        #expect(moves.map(\.previous) == [nil, .received, nil, .received, .queued, .staging, .sealing])
        #expect(moves.map(\.owner) == ["ann", "ann", "bob", "bob", "ann", "ann", "ann"])
        #expect(moves.map { $0.submission?.inputs.count } == [3, nil, 3, nil, nil, nil, nil])
        #expect(moves.last?.problem == problem && moves.dropLast().allSatisfy { $0.problem == nil })
        #expect(moves.map(\.number) == moves.map(\.number).sorted())
    }

    @Test("go when they are marked, and no others; a move that was lost is not noted")
    func marked() throws {
        let jobs = try Folder().jobs()
        let job = try jobs.accept(newJob()).job
        #expect(throws: StoreError.self) { try jobs.move(job.id, from: .running, to: .sealing) }
        let first = try jobs.unlogged(limit: 1)
        #expect(first.map(\.sequence) == [1])
        try jobs.markLogged(through: first[0].number, entries: 17)
        #expect(try jobs.unlogged(limit: 10).map(\.sequence) == [2])
        #expect(try jobs.loggedEntries() == 17)
    }

    @Test("marks of what stands are kept by prefix, and taken away")
    func marks() throws {
        let folder = try Folder()
        try folder.jobs().setLogMarks(["policy a": "1", "policy b": "2", "key a": "3"], entries: 5)
        let jobs = try folder.jobs()
        #expect(try jobs.logMarks("policy ") == ["policy a": "1", "policy b": "2"])
        try jobs.setLogMarks(["policy a": nil, "key a": "4"])
        #expect(try jobs.logMarks("policy ") == ["policy b": "2"])
        #expect(try jobs.logMark("key a") == "4" && jobs.logMark("key b") == nil)
        #expect(try jobs.loggedEntries() == 5)
    }

    @Test("of jobs from before the log are noted when the job is not over")
    func migration() throws {
        let folder = try Folder()
        let database = try DatabaseQueue(path: "\(folder.path)/jobs.sqlite")
        try Schema.migrator.migrate(database, upTo: "traceparent")
        for (id, ended) in [("01936b2a-7c1e-7f3a-9d52-6c1f0b7a8e44", nil), ("01936b2a-7c1e-7f3a-9d52-6c1f0b7a8e45", 3)]
            as [(String, Int?)]
        {
            try database.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO jobs (id, owner, state, rootfs, policy, attempt, parameters, metadata, ended)
                        VALUES (?, 'uid:0', ?, 'keras', 'strict', 1, '[]', '{}', ?)
                        """, arguments: [id, ended == nil ? "queued" : "cancelled", ended])
                for (sequence, state) in ["received", "queued"].enumerated() {
                    try database.execute(
                        sql: "INSERT INTO events VALUES (?, ?, ?, 'state', ?)",
                        arguments: [id, sequence + 1, sequence, "{\"state\":\"\(state)\",\"attempt\":1}"])
                }
            }
        }
        try database.close()
        let count = try folder.jobs().unloggedCount()
        #expect(count == 2)
    }
}

extension JobStore {
    fileprivate func unloggedCount() throws -> Int {
        try read("count") { try Int.fetchOne($0, sql: "SELECT count(*) FROM unlogged") ?? 0 }
    }
}
