internal import Jobs
internal import Synchronization

/// Tells whoever waits for a job that something is new. The ring carries nothing: the database says what it was, so a
/// ring lost among others loses no event.
final class EventBell: Sendable {
    private struct Listeners {
        var next = 0
        var waiting: [JobID: [Int: AsyncStream<Void>.Continuation]] = [:]
    }

    private let listeners = Mutex(Listeners())
    /// Hears every ring, whatever the job.
    private let always: @Sendable () -> Void

    init(_ always: @escaping @Sendable () -> Void = {}) { self.always = always }

    func ring(_ job: JobID) {
        always()
        let waiting = listeners.withLock { Array($0.waiting[job, default: [:]].values) }
        for listener in waiting { listener.yield() }
    }

    /// Rings from now on; many that nobody took are one.
    func listen(to job: JobID) -> AsyncStream<Void> {
        let (rings, listener) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = listeners.withLock { listeners in
            listeners.next += 1
            listeners.waiting[job, default: [:]][listeners.next] = listener
            return listeners.next
        }
        listener.onTermination = { [weak self] _ in self?.stop(number, job) }
        return rings
    }

    private func stop(_ number: Int, _ job: JobID) {
        listeners.withLock { listeners in
            listeners.waiting[job]?[number] = nil
            if listeners.waiting[job]?.isEmpty == true { listeners.waiting[job] = nil }
        }
    }

    /// How many wait; for the test that nobody stays behind.
    var count: Int { listeners.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }
}
