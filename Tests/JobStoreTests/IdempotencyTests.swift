import Jobs
import Measure
import Testing

@testable import JobStore

@Suite("idempotency keys")
struct IdempotencyTests {
    let folder: Folder
    let store: JobStore
    let key = IdempotencyKey("8e03978e", request: Digest.of([1]))

    init() throws {
        folder = try Folder()
        store = try folder.jobs()
    }

    @Test("make one job of two requests, also after a restart")
    func makeOneJob() throws {
        let first = try store.accept(newJob(), key: key)
        let second = try folder.jobs().accept(newJob(), key: key)
        #expect(first == .accepted(first.job))
        #expect(second == .repeated(first.job))
        #expect(try store.jobs(JobFilter()).count == 1)
        #expect(try store.job(madeBy: key, of: "uid:0") == first.job)
    }

    @Test("refuse another request")
    func refuseAnother() throws {
        let id = try store.accept(newJob(), key: key).job.id
        let other = IdempotencyKey(key.text, request: Digest.of([2]))
        #expect(throws: StoreError.keyReused(id)) { try store.accept(newJob(), key: other) }
        #expect(throws: StoreError.keyReused(id)) { try store.job(madeBy: other, of: "uid:0") }
        #expect(try store.jobs(JobFilter()).count == 1)
    }

    @Test("belong to their owner")
    func belongToOwner() throws {
        let mine = try store.accept(newJob(owner: "uid:1"), key: key)
        let theirs = try store.accept(newJob(owner: "uid:2"), key: key)
        #expect(mine.job.id != theirs.job.id)
    }

    @Test("make one job of many requests at once")
    func makeOneOfMany() async throws {
        let made = await withTaskGroup(of: JobID?.self) { group in
            for _ in 0..<8 { group.addTask { [store, key] in try? store.accept(newJob(), key: key).job.id } }
            return await group.reduce(into: Set<JobID?>()) { $0.insert($1) }
        }
        #expect(made.count == 1)
        #expect(!made.contains(nil))
    }
}
