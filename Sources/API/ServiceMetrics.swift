package import Jobs
package import Measure
internal import Synchronization

/// What the service counts while it works. Counters begin at zero with the process, as Prometheus expects.
///
/// One lock for the few nanoseconds of an addition; a request takes it once.
package final class ServiceMetrics: Sendable {
    /// A request as metrics know it: a template, never an id, so that the number of these is small.
    package struct RequestKind: Hashable, Sendable {
        package let route: String
        package let method: String
        package let code: Int
    }

    package struct Counts: Sendable {
        package var requests: [RequestKind: Histogram] = [:]
        /// By the final state.
        package var jobs: [JobState: UInt64] = [:]
        package var jobDuration = Histogram(bounds: [1, 5, 15, 60, 300, 900, 3600, 14400, 86400])
        package var uploadedBytes: UInt64 = 0
        package var deniedCalls: UInt64 = 0
    }

    package let started = Instant.now()
    private let start = ContinuousClock.now
    private let counts = Mutex(Counts())

    package init() {}

    package var uptime: Duration { start.duration(to: .now) }

    package func read() -> Counts { counts.withLock { $0 } }

    package func answered(_ request: RequestKind, seconds: Double) {
        counts.withLock { $0.requests[request, default: ServiceMetrics.requestDuration].record(seconds) }
    }

    /// A job came to its end.
    package func ended(_ job: Job) {
        counts.withLock { counts in
            counts.jobs[job.state, default: 0] += 1
            guard let received = job.times[.received], let ended = job.times[job.state] else { return }
            counts.jobDuration.record(Double(ended.milliseconds - received.milliseconds) / 1000)
        }
    }

    package func uploaded(bytes: UInt64) { counts.withLock { $0.uploadedBytes &+= bytes } }

    /// A job tried a call that its policy puts on record.
    package func denied() { counts.withLock { $0.deniedCalls += 1 } }

    private static let requestDuration = Histogram(
        bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
}
