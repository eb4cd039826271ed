import JSON
import Jobs
import Measure
import Testing

@testable import JobStore

@Suite("a job's events")
struct JobEventsTests {
    let folder: Folder
    let store: JobStore

    init() throws {
        folder = try Folder()
        store = try folder.jobs()
    }

    @Test("are replayed, then live, and end with the job", .timeLimit(.minutes(1)))
    func replayThenLive() async throws {
        let job = try store.job(through: .received, .queued)
        var events = try store.follow(job.id).makeAsyncIterator()
        #expect(await events.next()?.kind == .state(.received, attempt: 1))
        #expect(await events.next()?.kind == .state(.queued, attempt: 1))

        async let third = {
            var copy = events; return await copy.next()
        }()
        try store.report(.epoch(1, of: 2, metrics: JSONObject()), of: job.id)
        #expect(await third?.kind == .epoch(1, of: 2, metrics: JSONObject()))

        try store.finish(job.id, from: .queued, as: .cancelled, artifacts: [])
        var rest = try store.follow(job.id, after: 3).makeAsyncIterator()
        #expect(await rest.next()?.kind == .state(.cancelled, attempt: 1))
        #expect(await rest.next() == nil)
        #expect(await rest.next() == nil)
    }

    @Test("are numbered without a gap, and read by many at once", .timeLimit(.minutes(1)))
    func readByMany() async throws {
        let job = try store.job(through: .received, .queued)
        let readers = (0..<4).map { _ in
            Task { [store] in
                var numbers: [Int] = []
                for await event in try store.follow(job.id) { numbers.append(event.sequence) }
                return numbers
            }
        }
        for number in 1...1500 { try store.report(.epoch(number, of: nil, metrics: JSONObject()), of: job.id) }
        try store.finish(job.id, from: .queued, as: .cancelled, artifacts: [])
        for reader in readers { #expect(try await reader.value == Array(1...1503)) }
        #expect(store.bell.count == 0)
    }

    @Test("let go of a reader that is cancelled", .timeLimit(.minutes(1)))
    func letGo() async throws {
        let job = try store.job(through: .received, .queued)
        let reader = Task { [store] in
            for await _ in try store.follow(job.id) {}
        }
        while store.bell.count == 0 { await Task.yield() }
        reader.cancel()
        try await reader.value
        #expect(store.bell.count == 0)
    }

    @Test("of a job's own making are capped; moves are not")
    func areCapped() throws {
        let job = try store.job(through: .received, .queued)
        try store.write("fill") { database in
            for _ in 0..<JobStore.reportedEventLimit {
                try store.record(database, .note("x"), of: job.id, at: .now())
            }
        }
        #expect(try !store.report(.note("one more"), of: job.id))
        try store.move(job.id, from: .queued, to: .staging)
        let last = try store.events(of: job.id, after: JobStore.reportedEventLimit + 1)
        #expect(last.map(\.kind) == [.note("x"), .state(.staging, attempt: 1)])
    }

    @Test("can't say that a job moved when it did not")
    func cannotSayMove() throws {
        let job = try store.job(through: .received, .queued)
        #expect(throws: StoreError.self) { try store.report(.state(.completed, attempt: 1), of: job.id) }
    }
}
