internal import Dispatch
internal import Synchronization

/// Entries on their way into the journal, and whoever waits for them.
final class Submission: Sendable {
    private enum Outcome {
        case waiting
        /// To commit the next group, its own submission first.
        case leads
        case done(Range<UInt64>, TreeHead)
        case failed(LogError)
    }

    let entries: [[UInt8]]
    /// With their lengths.
    let size: Int
    private let outcome = Mutex(Outcome.waiting)
    private let bell = DispatchSemaphore(value: 0)

    init(_ entries: [[UInt8]]) {
        self.entries = entries
        size = entries.reduce(0) { $0 + 2 + $1.count }
    }

    func finish(_ range: Range<UInt64>, _ head: TreeHead) { ring(.done(range, head)) }
    func fail(_ error: LogError) { ring(.failed(error)) }
    func promote() { ring(.leads) }

    private func ring(_ new: Outcome) {
        outcome.withLock { $0 = new }
        bell.signal()
    }

    /// Waits for the outcome; nil when this submission is to lead.
    func wait() throws(LogError) -> (Range<UInt64>, TreeHead)? {
        bell.wait()
        switch outcome.withLock({ $0 }) {
        case .done(let range, let head): return (range, head)
        case .failed(let error): throw error
        case .waiting, .leads: return nil
        }
    }
}

/// Who commits: the first that comes, for all that came while the one before was at it.
///
/// One trip to the disk serves a whole group, and nobody waits for a timer: alone, a writer commits at once and on its own thread.
struct GroupQueue: Sendable {
    private var waiting: [Submission] = []
    private var isCommitting = false
    /// After which nothing is taken any more.
    var end: LogError?
    /// Rung when what was taken before the end is committed.
    private var idle: DispatchSemaphore?

    /// Puts a submission into the queue; true when its writer is to commit now.
    mutating func add(_ submission: Submission) throws(LogError) -> Bool {
        if let end { throw end }
        waiting.append(submission)
        defer { isCommitting = true }
        return !isCommitting
    }

    /// Takes the next group, as many submissions as fit into one record, at least one.
    mutating func take(limit: Int) -> [Submission] {
        var size = 0
        let group = waiting.prefix { submission in
            size += submission.size
            return size <= limit
        }
        let count = max(group.count, min(1, waiting.count))
        defer { waiting.removeFirst(count) }
        return Array(waiting[..<count])
    }

    /// Ends a commit.
    ///
    /// - Returns: who leads the next one.
    mutating func handOver() -> Submission? {
        isCommitting = !waiting.isEmpty
        if !isCommitting { idle?.signal() }
        return waiting.first
    }

    /// Ends a commit that failed, and takes nothing any more.
    ///
    /// - Returns: everybody who waits.
    mutating func fail(_ error: LogError) -> [Submission] {
        end = end ?? error
        isCommitting = false
        idle?.signal()
        defer { waiting = [] }
        return waiting
    }

    /// Takes nothing any more.
    ///
    /// - Returns: rings when all that was taken is committed; nil when it is.
    mutating func close() -> DispatchSemaphore? {
        end = end ?? .closed
        guard isCommitting else { return nil }
        idle = idle ?? DispatchSemaphore(value: 0)
        return idle
    }
}
