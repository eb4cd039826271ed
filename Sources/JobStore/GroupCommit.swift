internal import Dispatch
internal import GRDB
internal import Synchronization

/// Writes that wait at the same time share one transaction, and so one fsync.
///
/// The first of them to come leads: it takes all that wait, runs each in a savepoint of its own, and commits. Those that come
/// meanwhile wait for the next turn, which one of them leads. A write alone is a transaction alone. Nobody is told of success before
/// the commit that holds it is on the disk.
final class GroupCommit: Sendable {
    /// Writes of one transaction: the last of them waits for all others.
    private static let most = 128

    private struct Line {
        var waiting: [Ticket] = []
        var isLed = false
    }

    private let line = Mutex(Line())

    /// Runs `body` in a transaction on `database`; all of it is durable on return, or none of it happened.
    ///
    /// - Parameters:
    ///   - database: the pool, always the same one.
    ///   - body: the write; it may be run a second time, after its first run was rolled back.
    /// - Returns: what the run that was committed has returned.
    /// - Throws: what `body` throws, or the commit.
    func run<Answer: Sendable>(
        on database: DatabasePool, _ body: @escaping @Sendable (Database) throws -> Answer
    ) throws -> Answer {
        let box = AnswerBox<Answer>()
        let ticket = Ticket { database in box.put(try body(database)) }
        if join(ticket) || ticket.wait() == .leads { lead(ticket, on: database) }
        return try box.take(ticket.failure)
    }

    /// - Returns: whether the ticket's holder leads.
    private func join(_ ticket: Ticket) -> Bool {
        line.withLock { line in
            line.waiting.append(ticket)
            defer { line.isLed = true }
            return !line.isLed
        }
    }

    private func lead(_ own: Ticket, on database: DatabasePool) {
        let batch = line.withLock { line in
            let batch = Array(line.waiting.prefix(Self.most))
            line.waiting.removeFirst(batch.count)
            return batch
        }
        Self.commit(batch, on: database)
        let next = line.withLock { line -> Ticket? in
            line.isLed = !line.waiting.isEmpty
            return line.waiting.first
        }
        next?.tell(.leads)
        for ticket in batch where ticket !== own { ticket.tell(.ended) }
    }

    /// One transaction of all; where that fails as a whole, one of each, so that none fails for another's sake.
    private static func commit(_ batch: [Ticket], on database: DatabasePool) {
        do {
            try database.write { database in
                guard batch.count > 1 else { return try batch[0].body(database) }
                for ticket in batch { try run(ticket, in: database) }
            }
        } catch {
            guard batch.count > 1 else { return batch[0].failure = error }
            for ticket in batch {
                ticket.failure = nil
                commit([ticket], on: database)
            }
        }
    }

    /// Runs one of many. What it throws is its own affair, unless SQLite has rolled back the whole transaction with it, as it does
    /// on a full disk.
    private static func run(_ ticket: Ticket, in database: Database) throws {
        do {
            try database.inSavepoint {
                try ticket.body(database)
                return .commit
            }
        } catch {
            guard database.isInsideTransaction else { throw error }
            ticket.failure = error
        }
    }
}

/// A write in the line.
private final class Ticket: Sendable {
    enum News { case leads, ended }

    let body: @Sendable (Database) throws -> Void
    private let news = DispatchSemaphore(value: 0)
    private let state = Mutex<(news: News, failure: (any Error)?)>((.leads, nil))

    init(_ body: @escaping @Sendable (Database) throws -> Void) { self.body = body }

    var failure: (any Error)? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    func wait() -> News {
        news.wait()
        return state.withLock { $0.news }
    }

    func tell(_ news: News) {
        state.withLock { $0.news = news }
        self.news.signal()
    }
}

/// What a body has returned, carried from the thread that ran it to the one that asked.
private final class AnswerBox<Answer: Sendable>: Sendable {
    private let answer = Mutex<Answer?>(nil)

    func put(_ answer: Answer) { self.answer.withLock { $0 = answer } }

    func take(_ failure: (any Error)?) throws -> Answer {
        if let failure { throw failure }
        guard let answer = answer.withLock({ $0 }) else {
            throw StoreError.database(stage: "commit", detail: "a write has not been run")
        }
        return answer
    }
}
