internal import GRDB
package import Jobs

/// Jobs, durably: what a call has answered survives a power cut.
///
/// A call that writes is one SQLite transaction, shared with the calls that wait beside it (`GroupCommit`), and blocks its thread for
/// two fsyncs at the most; call from a thread that may wait (the API's routes run on such). Calls are synchronous on purpose: no
/// other code of the caller's runs in the middle of one, and a cancelled task still records what happened.
package final class JobStore: Sendable {
    private let database: DatabasePool
    private let commits = GroupCommit()
    let bell: EventBell
    /// Told of each job that came to its end, after that is on the disk.
    let ended: @Sendable (Job) -> Void

    /// Opens the database at `path`, made or brought up to date first.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - changed: called when something about a job is new, after that is on the disk.
    ///   - ended: called with a job that came to its end.
    /// - Throws: `StoreError.newer` when a later version has written it; it is left as it is.
    package init(
        path: String, changed: @escaping @Sendable () -> Void = {}, ended: @escaping @Sendable (Job) -> Void = { _ in }
    ) throws(StoreError) {
        self.ended = ended
        bell = EventBell(changed)
        do {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = true
            configuration.busyMode = .timeout(5)
            database = try DatabasePool(path: path, configuration: configuration)
            // The pool sets NORMAL when it opens, which in WAL may lose the last commits in a power cut. Our 202 says that
            // a job is safe, so each commit waits for its fsync. There is one writing connection for the pool's life.
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try database.read(Schema.refuseNewer)
            try Schema.migrator.migrate(database)
        } catch {
            throw StoreError(error, stage: "open job store")
        }
    }

    /// One write; all of it or none of it happens. The body may run on another thread, and a second time after its first run was
    /// rolled back.
    func write<Answer: Sendable>(
        _ stage: String, _ body: @escaping @Sendable (Database) throws -> Answer
    ) throws(StoreError) -> Answer {
        do { return try commits.run(on: database, body) } catch { throw StoreError(error, stage: stage) }
    }

    /// One consistent view, which no writer waits for.
    func read<Answer>(_ stage: String, _ body: (Database) throws -> Answer) throws(StoreError) -> Answer {
        do { return try database.read(body) } catch { throw StoreError(error, stage: stage) }
    }
}

extension StoreError {
    /// What a transaction threw: an answer of ours passes, the rest is the database's.
    fileprivate init(_ error: any Error, stage: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL: self = .storageFull(stage: stage)
        // The shared-memory file of WAL could not grow: the same full disk by another road.
        case let error as DatabaseError where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
            self = .storageFull(stage: stage)
        // The message alone: an error's description has the values of its statement, which a submitter wrote.
        case let error as DatabaseError:
            self = .database(stage: stage, detail: error.message ?? "sqlite \(error.extendedResultCode.rawValue)")
        default: self = .database(stage: stage, detail: "\(error)")
        }
    }
}
