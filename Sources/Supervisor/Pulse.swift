internal import Dispatch
internal import Foundation
internal import Synchronization

/// Shows whether a thread that works in turns still takes them.
final class Pulse: Sendable {
    private let turns = Atomic<Int>(0)
    /// In work that has no bound we know of, such as hashing what a job left: not a sign of hanging.
    private let isInLongWork = Atomic(false)

    /// A turn begins.
    func beat() { turns.add(1, ordering: .relaxed) }

    /// Runs `body` as work that may take any time.
    func duringLongWork<Answer>(_ body: () -> Answer) -> Answer {
        isInLongWork.store(true, ordering: .relaxed)
        defer { isInLongWork.store(false, ordering: .relaxed) }
        return body()
    }

    /// Wakes the thread and waits for it to take a turn.
    ///
    /// - Parameters:
    ///   - limit: seconds that it may take.
    ///   - wake: has the thread take a turn if it sleeps.
    /// - Returns: false when it took none.
    func answers(within limit: Double, wake: () -> Void) -> Bool {
        let before = turns.load(ordering: .relaxed)
        wake()
        let deadline = ContinuousClock.now + .seconds(limit)
        while turns.load(ordering: .relaxed) == before {
            if isInLongWork.load(ordering: .relaxed) { return true }
            guard .now < deadline else { return false }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return true
    }
}

extension Supervisor {
    /// Whether the thread that starts jobs does its work; waits for it at most so many seconds.
    package func isStartingJobs(within seconds: Double) -> Bool {
        pulse.answers(within: seconds, wake: floor.ring)
    }
}
