package import Jobs

/// A job's events as they come, from wherever they come.
package struct JobEventStream: AsyncSequence, Sendable {
    package typealias Element = JobEvent
    package typealias Failure = Never

    private let start: @Sendable () -> any AsyncIteratorProtocol<JobEvent, Never>

    package init(_ base: some AsyncSequence<JobEvent, Never> & Sendable) { start = { base.makeAsyncIterator() } }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: start()) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var base: any AsyncIteratorProtocol<JobEvent, Never>

        package mutating func next() async -> JobEvent? { await base.next(isolation: nil) }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> JobEvent? {
            await base.next(isolation: actor)
        }
    }
}
