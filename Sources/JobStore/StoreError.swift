package import Jobs
package import Linux
package import Measure
internal import SystemPackage

/// All that the store can answer instead of what was asked.
package enum StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A blob has more bytes than the caller allowed; nothing of it is left.
    case tooLarge(limit: UInt64)
    /// The disk or the quota is used up; nothing of what was being stored is left, all else is intact.
    case storageFull(stage: String)
    case noSuchBlob(Digest)
    /// A stored blob is not the size of the data with its digest: the disk lost bytes.
    case damagedBlob(Digest)
    case noSuchJob(JobID)
    /// Somebody else moved the job between the caller's look and its move.
    case lostRace(JobID, expected: JobState, found: JobState)
    /// The table of moves has no such move; a fault of the caller's.
    case noSuchMove(JobID, from: JobState, to: JobState)
    /// The idempotency key came with another request before, and that made this job.
    case keyReused(JobID)
    case noSuchToken(TokenID)
    /// As many tokens as there may be can be used already.
    case tooManyTokens(Int)
    /// The job may still need what was to be given up.
    case notOver(JobID, JobState)
    /// A later version has written this file of the state folder.
    case newer(String)
    case system(LinuxError)
    case database(stage: String, detail: String)

    package var description: String {
        switch self {
        case .tooLarge(let limit): "store blob: more than \(limit) bytes"
        case .storageFull(let stage): "\(stage): no space left in the store"
        case .noSuchBlob(let digest): "open blob \(digest): not stored"
        case .damagedBlob(let digest): "store blob \(digest): the copy stored earlier has another size"
        case .noSuchJob(let id): "find job \(id): no such job"
        case .lostRace(let id, let expected, let found): "move job \(id): expected \(expected), found \(found)"
        case .noSuchMove(let id, let from, let to): "move job \(id): a job can't go from \(from) to \(to)"
        case .keyReused(let id): "accept job: the idempotency key belongs to another request, job \(id)"
        case .noSuchToken(let id): "find token \(id): no such token"
        case .tooManyTokens(let limit): "make token: \(limit) tokens can be used already"
        case .notOver(let id, let state): "give up inputs of job \(id): it is \(state)"
        case .newer(let file):
            "open \(file): a later version of aibomd has written it; start that version, or restore a backup from before it"
        case .system(let error): error.description
        case .database(let stage, let detail): "\(stage): \(detail)"
        }
    }

    /// An error of the kernel's, with "full" told from the rest: it alone is for the operator to put right.
    init(_ error: LinuxError) {
        switch error.errno {
        case .noSpace, .diskQuotaExceeded: self = .storageFull(stage: error.stage)
        default: self = .system(error)
        }
    }
}

/// Runs `body` and says its error in the store's words.
func storing<Answer: ~Copyable>(_ body: () throws(LinuxError) -> Answer) throws(StoreError) -> Answer {
    do throws(LinuxError) { return try body() } catch { throw StoreError(error) }
}
