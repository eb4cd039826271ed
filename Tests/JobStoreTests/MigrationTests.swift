import Foundation
import GRDB
import Jobs
import Measure
import Testing

@testable import JobStore

@Suite("a database of another version")
struct MigrationTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    /// As the version before this one has left it: the statements of `Vectors/schema-1.sql` are that version's own.
    private func makeOld(_ more: String) throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Vectors/schema-1.sql")
        let schema = try String(contentsOf: url, encoding: .utf8)
        let queue = try DatabaseQueue(path: "\(folder.path)/jobs.sqlite")
        try queue.write { try $0.execute(sql: schema + more) }
        try queue.close()
    }

    @Test("is taken over: jobs that are over asked for nothing, those that are not get the usual")
    func takesOver() throws {
        let (over, waiting, gpu) = (ids.next(), ids.next(), ids.next())
        let input = Digest.of([1])
        try makeOld(
            """
            INSERT INTO jobs VALUES
                ('\(over)', 'uid:0', 'completed', 'keras', 'strict', 2, '[]', '{}', NULL),
                ('\(waiting)', 'uid:7', 'queued', 'keras', 'strict', 1, '[]', '{}', NULL),
                ('\(gpu)', 'uid:7', 'running', 'keras', 'gpu', 1, '[]', '{}', NULL);
            INSERT INTO times VALUES ('\(over)', 'completed', 1000), ('\(over)', 'queued', 10), ('\(waiting)', 'queued', 20);
            INSERT INTO inputs VALUES ('\(over)', 'dataset', 'd.csv', x'\(input.hex)', 1);
            INSERT INTO idempotency_keys VALUES ('uid:7', 'key', x'\(input.hex)', '\(waiting)');
            """)
        let store = try folder.jobs()
        let ended = try store.job(over)
        #expect(ended.resources == Resources() && ended.attempt == 2 && ended.priority == 5 && ended.maxAttempts == 3)
        #expect(ended.inputsDeleted == nil && !ended.isCancelAsked)
        #expect(try store.job(waiting).resources == ResourceAsk.usual)
        #expect(try store.job(gpu).resources.gpus == 1)
        #expect(try store.tally() == [.completed: 1, .queued: 1, .running: 1])
        #expect(try store.queue().map(\.id) == [waiting])
        #expect(try store.jobsWithInputs(endedBefore: Instant(milliseconds: 1001), limit: 9) == [over])
        #expect(try store.jobsWithInputs(endedBefore: Instant(milliseconds: 1000), limit: 9).isEmpty)
        #expect(try store.needs(input))
        #expect(try store.job(madeBy: IdempotencyKey("key", request: input), of: "uid:7")?.id == waiting)
        // Once more: nothing is left to do.
        #expect(try folder.jobs().job(over) == ended)
        try store.accept(newJob())
    }

    @Test("of a later version is left alone")
    func refusesLater() throws {
        _ = try folder.jobs()
        let queue = try DatabaseQueue(path: "\(folder.path)/jobs.sqlite")
        try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: what nobody knows yet')") }
        try queue.close()
        #expect(throws: StoreError.newer("jobs.sqlite")) { try folder.jobs() }
    }
}
