import JobStore
import Jobs
import Sandbox
import Testing

@testable import Supervisor

@Suite("the jobs of a process")
struct FloorTests {
    let floor = Floor(capacity: Resources(cpuMillicores: 2000, memoryBytes: 1 << 40), patience: 1000)
    let ids = JobIDSource()

    private func queue() -> QueuedJob {
        let job = QueuedJob(
            id: ids.next(), owner: "a", priority: 5, resources: Resources(cpuMillicores: 1000, memoryBytes: 1))
        floor.add([job])
        return job
    }

    @Test("are not queued a second time while they run, and are when they have ended without a word")
    func addsOnce() throws {
        let job = queue()
        floor.add([job])
        #expect(floor.takeNext(try Cancellation(), at: 0)?.job == job)
        floor.add([job])
        #expect(floor.takeNext(try Cancellation(), at: 0) == nil)
        floor.leave(job.id, isSettled: false)
        floor.add([job])
        #expect(floor.takeNext(try Cancellation(), at: 0)?.job == job)
    }

    @Test("run side by side while they fit, and make room when they end")
    func runs() throws {
        let jobs = [queue(), queue(), queue()]
        let started = try (0..<3).map { _ in floor.takeNext(try Cancellation(), at: 0)?.job.id }
        #expect(started == [jobs[0].id, jobs[1].id, nil])
        #expect(floor.running == [jobs[0].id, jobs[1].id])
        #expect(floor.used.cpuMillicores == 2000)
        floor.leave(jobs[0].id, isSettled: true)
        #expect(!floor.takeUnsettled())
        let next = floor.takeNext(try Cancellation(), at: 0)
        #expect(next?.job == jobs[2])
        floor.leave(jobs[1].id, isSettled: false)
        #expect(floor.takeUnsettled())
        #expect(!floor.takeUnsettled(), "said once")
    }

    @Test("are asked to end or sealed, never both")
    func cancelOrSeal() throws {
        let (cancelled, sealed) = (queue(), queue())
        let runs = try (0..<2).compactMap { _ in floor.takeNext(try Cancellation(), at: 0) }
        #expect(floor.cancel(cancelled.id) == .asked)
        #expect(runs[0].cancellation.isRequested)
        #expect(!floor.beginSealing(cancelled.id))
        #expect(floor.cancel(cancelled.id) == .asked, "asking again changes nothing")

        #expect(floor.beginSealing(sealed.id))
        #expect(floor.cancel(sealed.id) == .tooLate)
        #expect(!runs[1].cancellation.isRequested)

        floor.leave(sealed.id, isSettled: true)
        #expect(floor.cancel(sealed.id) == .notRunning)
        #expect(!floor.beginSealing(sealed.id), "nobody else may seal it")
    }

    @Test("begin no more once it is closed")
    func closes() throws {
        _ = queue()
        floor.close()
        let next = floor.takeNext(try Cancellation(), at: 0)
        #expect(next?.job == nil)
        #expect(floor.isStopping)
    }
}
