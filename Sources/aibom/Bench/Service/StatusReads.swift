import Jobs
import Sandbox
import Synchronization

/// A client that asks for a job's status again and again, a hundred times a second, and says how long each answer took.
final class StatusReads: Sendable {
    private let isOver = Atomic(false)

    func end() { isOver.store(true, ordering: .releasing) }

    /// Reads until `end`. A read that fails is an error of the whole measurement.
    func read(_ id: JobID, _ client: ServiceClient) async throws -> Figures {
        var figures = Figures("status")
        let clock = ContinuousClock()
        var next = clock.now
        while !isOver.load(ordering: .acquiring) {
            let start = Clock.nanoseconds()
            _ = try await client.get("/job_status/\(id)")
            figures.add(microseconds: Double(Clock.nanoseconds() - start) / 1000)
            next = max(next + .milliseconds(10), clock.now)
            try await clock.sleep(until: next)
        }
        return figures
    }
}
