import GRDB
import JSON
import Jobs
import Measure
import Testing

@testable import JobStore

@Suite("a request to end a job")
struct CancelTests {
    let folder: Folder
    let store: JobStore

    init() throws {
        folder = try Folder()
        store = try folder.jobs()
    }

    @Test("outlives the process that took it")
    func outlives() throws {
        let job = try store.job(through: .received, .queued, .staging, .running)
        #expect(!job.isCancelAsked)
        try store.askCancel(job.id)
        try store.askCancel(job.id)
        let again = try folder.jobs().recover()
        #expect(again.broken.map(\.isCancelAsked) == [true])
        #expect(again.broken.first?.json["cancel_requested"] == true)
        let ended = try store.finish(job.id, from: .running, as: .cancelled, artifacts: [])
        #expect(ended.json["cancel_requested"] == nil)
    }

    @Test("is nothing to a job that is over or not there")
    func isNothing() throws {
        let job = try store.job(through: .received, .queued)
        try store.finish(job.id, from: .queued, as: .cancelled, artifacts: [])
        try store.askCancel(job.id)
        try store.askCancel(ids.next())
        #expect(try !store.job(job.id).isCancelAsked)
    }

    @Test("wins against the start of the job, or loses, but never both", arguments: 0..<8)
    func races(round: Int) async throws {
        let job = try store.job(through: .received, .queued)
        async let started = Task.detached { [store] in try? store.move(job.id, from: .queued, to: .staging) }.value
        async let ended = Task.detached { [store] in
            try? store.finish(job.id, from: .queued, as: .cancelled, artifacts: [])
        }.value
        let results = await (started != nil, ended != nil)
        #expect(results.0 != results.1)
        #expect(try store.job(job.id).state == (results.0 ? .staging : .cancelled))
    }

    @Test("ends a job in every state before the seal, and in none after", arguments: JobState.allCases)
    func everyState(state: JobState) throws {
        let way: [JobState] = [.queued, .staging, .running, .sealing]
        guard let last = way.firstIndex(of: state) else { return #expect(state == .received || state.isFinal) }
        var job = try store.accept(newJob()).job
        for next in way[...last].dropFirst() { job = try store.move(job.id, from: job.state, to: next) }
        if state == .sealing {
            #expect(throws: StoreError.noSuchMove(job.id, from: .sealing, to: .cancelled)) {
                try store.finish(job.id, from: .sealing, as: .cancelled, artifacts: [])
            }
        } else {
            #expect(try store.finish(job.id, from: state, as: .cancelled, artifacts: []).state == .cancelled)
            #expect(try store.tally() == [.cancelled: 1])
        }
    }
}
