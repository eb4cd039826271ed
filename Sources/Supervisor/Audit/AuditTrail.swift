internal import AuditLog
internal import Foundation
internal import JSON
internal import JobStore
internal import Jobs
internal import Linux
internal import Measure
internal import Sandbox
internal import Synchronization
internal import SystemPackage

/// Why something can't be entered in the audit log.
enum TrailError: Error, CustomStringConvertible {
    case log(LogError)
    case store(StoreError)

    var description: String {
        switch self {
        case .log(let error): error.description
        case .store(let error): "\(error)"
        }
    }

    /// Whether room on the disk is all that is missing.
    var isOfSpace: Bool {
        switch self {
        case .log(.system(let error)): error.errno == .noSpace || error.errno == .diskQuotaExceeded
        case .store(.storageFull): true
        case .log, .store: false
        }
    }
}

private func opening(
    _ body: () throws(LinuxError) -> OwnedDescriptor
) throws(TrailError) -> OwnedDescriptor {
    do throws(LinuxError) { return try body() } catch { throw .log(.system(error)) }
}

/// What happens here, on its way into the audit log.
///
/// What the job store holds is entered after the store has committed it (`drain`). What only this process knows, as that somebody fetched
/// evidence or that an attempt was denied calls, is entered before anything follows from it (`note`). A seal is entered before it is
/// published, since its proof is part of what is published (`AuditTrail+Seal`).
final class AuditTrail: Sendable {
    private let opened: Mutex<AuditLog.Log>
    private let signer: any NoteSigner
    private let state: OwnedDescriptor
    let reader: TileReader
    let jobs: JobStore
    let bell: TrailBell
    /// Held by who enters what the store has marks of: one at a time.
    let entered = Mutex(Entered())
    private let failure = Mutex<TrailError?>(nil)

    /// Opens the log in the state folder, and brings in what a dead supervisor did not.
    ///
    /// - Parameters:
    ///   - state: the state folder.
    ///   - signer: has the log's key.
    ///   - jobs: the job store.
    ///   - bell: rung when the store has something new.
    /// - Throws: `TrailError`; a log that is older than one that was seen is refused.
    init(
        in state: borrowing OwnedDescriptor, signer: any NoteSigner, jobs: JobStore, bell: TrailBell
    ) throws(TrailError) {
        self.jobs = jobs
        self.bell = bell
        self.signer = signer
        reader = TileReader(try opening { () throws(LinuxError) in try state.directory(LogPlace.folder) })
        opened = Mutex(try Self.open(in: state, signer))
        self.state = try opening { () throws(LinuxError) in try state.duplicate() }
        let found = try enteredSince(try trailing { () throws(StoreError) in try jobs.loggedEntries() })
        entered.withLock { $0 = found }
        try drain()
    }

    private static func open(
        in state: borrowing OwnedDescriptor, _ signer: any NoteSigner
    ) throws(TrailError) -> AuditLog.Log {
        let folder = try opening { () throws(LinuxError) in try state.directory(LogPlace.folder) }
        let head = HeadFile(LogPlace.head, in: try opening { () throws(LinuxError) in try state.duplicate() })
        var options = AuditLog.Log.Options()
        // A group of moves takes a quarter of it; two files of it lie in every state folder.
        options.journalFileSize = 1 << 20
        do throws(LogError) {
            return try Log(in: folder, signer: signer, headFile: head, options: options)
        } catch { throw .log(error) }
    }

    var log: AuditLog.Log { opened.withLock { $0 } }

    /// Opens the log anew after a fault of the disk, which may be over. What of the last moves is in it is looked up again: an entry
    /// whose writing failed may be there.
    func mend() throws(TrailError) {
        guard log.hasFailed else { return }
        do throws(TrailError) { try reopen() } catch {
            failure.withLock { $0 = error }
            throw error
        }
    }

    private func reopen() throws(TrailError) {
        try entered.withLock { entered throws(TrailError) in
            guard log.hasFailed else { return }
            try? log.close()
            let fresh = try Self.open(in: state, signer)
            opened.withLock { $0 = fresh }
            entered = try enteredSince(try trailing { () throws(StoreError) in try jobs.loggedEntries() })
            failure.withLock { $0 = nil }
        }
    }

    /// The names of what is in the log and not marked as such in the store.
    struct Entered {
        var moves: Set<String> = []
        var standing: Set<String> = []
    }

    /// Why nothing can be entered now; nil when all is well. A service that can't say what it does must not go on doing it.
    var trouble: TrailError? { failure.withLock { $0 } }

    /// Enters something that only this process knows; durable on return.
    @discardableResult
    func note(
        _ event: LogEvent.Kind, severity: Severity = .informational, actor: String = "supervisor", owner: String? = nil,
        job: JobID? = nil, at time: Instant = .now(), _ detail: JSON
    ) throws(TrailError) -> Receipt {
        try mend()
        return try watching { () throws(LogError) in
            let entry = try LogEntry(
                event, at: time, severity: severity, actor: actor, owner: owner, job: job?.description, detail: detail)
            return try log.append(entry)
        }
    }

    /// Does something with the log, and remembers whether it went well.
    func watching<Answer>(_ body: () throws(LogError) -> Answer) throws(TrailError) -> Answer {
        do throws(LogError) {
            let answer = try body()
            failure.withLock { $0 = nil }
            return answer
        } catch {
            failure.withLock { $0 = .log(error) }
            throw .log(error)
        }
    }

    /// Asks the store, with its error as ours.
    func trailing<Answer>(_ body: () throws(StoreError) -> Answer) throws(TrailError) -> Answer {
        do throws(StoreError) { return try body() } catch { throw .store(error) }
    }
}

/// Wakes whoever enters moves; many rings that nobody heard are one.
final class TrailBell: Sendable {
    private let signal = DispatchSemaphore(value: 0)
    private let isRung = Atomic(false)

    func ring() {
        if !isRung.exchange(true, ordering: .acquiringAndReleasing) { signal.signal() }
    }

    func wait(seconds: Double) {
        _ = signal.wait(timeout: .now() + seconds)
        isRung.store(false, ordering: .releasing)
    }
}
