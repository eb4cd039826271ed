package import Jobs

/// A job's events from any of them on: those that were, then those that come, to the one that ends the job.
///
/// The reader pulls, so one that is slow costs no memory here. The sequence ends early when the store can't be read; the
/// last event then is not a final state, and the reader can ask again from there.
package struct JobEvents: AsyncSequence, Sendable {
    package typealias Element = JobEvent
    package typealias Failure = Never

    let store: JobStore
    let job: JobID
    let after: Int

    package func makeAsyncIterator() -> AsyncIterator {
        // Listening begins before the first look: what happens between the two rings.
        AsyncIterator(store: store, job: job, last: after, rings: store.bell.listen(to: job).makeAsyncIterator())
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        let store: JobStore
        let job: JobID
        var last: Int
        var rings: AsyncStream<Void>.Iterator
        var page: ArraySlice<JobEvent> = []
        var isOver = false

        package mutating func next() async -> JobEvent? { await next(isolation: nil) }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> JobEvent? {
            while !isOver {
                if let event = page.popFirst() {
                    last = event.sequence
                    isOver = event.isLast
                    return event
                }
                guard let events = try? store.events(of: job, after: last) else { break }
                page = events[...]
                if page.isEmpty {
                    guard await rings.next(isolation: actor) != nil else { break }
                }
            }
            isOver = true
            return nil
        }
    }
}

extension JobStore {
    /// - Throws: `StoreError.noSuchJob`.
    package func follow(_ id: JobID, after sequence: Int = 0) throws(StoreError) -> JobEvents {
        _ = try job(id)
        return JobEvents(store: self, job: id, after: sequence)
    }
}
