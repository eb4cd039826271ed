internal import JobStore
internal import Jobs

/// The jobs that wait, and the choice of the next one to start.
///
/// In this order: the higher priority first; within a priority the owner with the fewest running jobs, then the owner whose last job
/// was started longest ago; within an owner the oldest job. The first in that order that fits into what is free is started, so small
/// jobs fill the room that a large one can't use yet.
///
/// That would let small jobs pass a large one for ever. So a job whose turn had come, and past which another was started, is *passed
/// over* from then on; once that was `patience` ago, it comes first in its priority and nothing of the same or a lower priority is
/// started before it. What runs has a time limit, so room for it comes.
///
/// Jobs of one owner, priority and ask differ in their age alone, so only the oldest of them is ever looked at: a decision costs as
/// much as there are different asks, not as there are jobs.
struct FairQueue {
    /// Jobs that can only take the same turn.
    fileprivate struct Lane: Hashable {
        let priority: Int
        let owner: String
        let resources: Resources
    }

    /// Milliseconds that a job bears to be passed over.
    let patience: Int64
    private var lanes: [Lane: AgeList] = [:]
    /// The turn in which an owner's last job was started; one who had none yet comes first.
    private var turns: [String: UInt64] = [:]
    private var turn: UInt64 = 0
    /// Since when others are started past a job.
    private var passedOver: [JobID: Int64] = [:]

    init(patience: Int64) { self.patience = patience }

    var isEmpty: Bool { lanes.isEmpty }
    var count: Int { lanes.values.reduce(0) { $0 + $1.count } }

    /// Puts a job where its age has it; one that waits already is not put twice.
    mutating func add(_ job: QueuedJob) { lanes[Lane(job), default: AgeList()].insert(job.id) }

    /// Takes a job out that will not be started.
    mutating func remove(_ job: QueuedJob) {
        passedOver[job.id] = nil
        guard lanes[Lane(job)]?.remove(job.id) == true, lanes[Lane(job)]?.isEmpty == true else { return }
        lanes[Lane(job)] = nil
    }

    /// Takes the job to start now out of the queue.
    ///
    /// - Parameters:
    ///   - admission: who runs and what is free.
    ///   - now: milliseconds of a clock that is not set back.
    /// - Returns: nil when none can be started.
    mutating func next(_ admission: Admission, at now: Int64) -> QueuedJob? {
        let free = admission.free
        guard free.cpuMillicores > 0, free.memoryBytes > 0 else { return nil }
        var passed: [JobID] = []
        for candidate in candidates(admission, at: now) {
            if candidate.job.resources.fits(in: free) {
                for id in passed where passedOver[id] == nil { passedOver[id] = now }
                turn += 1
                turns[candidate.job.owner] = turn
                remove(candidate.job)
                return candidate.job
            }
            if candidate.isOverdue { return nil }
            passed.append(candidate.job.id)
        }
        return nil
    }

    private struct Candidate {
        let job: QueuedJob
        let isOverdue: Bool
        /// The smaller comes first.
        let rank: (priority: Int, overdueSince: Int64, running: Int, turn: UInt64, job: JobID)
    }

    /// The oldest of each lane, in the order of the choice.
    private func candidates(_ admission: Admission, at now: Int64) -> [Candidate] {
        var running: [String: Int] = [:]
        for share in admission.running.values { running[share.owner, default: 0] += 1 }
        return lanes.compactMap { lane, jobs -> Candidate? in
            guard let first = jobs.first, lane.resources.fits(in: admission.capacity) else { return nil }
            let since = passedOver[first].flatMap { now - $0 >= patience ? $0 : nil }
            return Candidate(
                job: QueuedJob(id: first, owner: lane.owner, priority: lane.priority, resources: lane.resources),
                isOverdue: since != nil,
                rank: (
                    -lane.priority, since ?? .max, running[lane.owner, default: 0], turns[lane.owner, default: 0], first
                ))
        }.sorted { $0.rank < $1.rank }
    }
}

extension FairQueue.Lane {
    fileprivate init(_ job: QueuedJob) {
        self.init(priority: job.priority, owner: job.owner, resources: job.resources)
    }
}

/// Ids by age: new ones come at the end, and they go from the front.
private struct AgeList {
    private var ids: [JobID] = []
    private var start = 0

    var count: Int { ids.count - start }
    var isEmpty: Bool { count == 0 }
    var first: JobID? { isEmpty ? nil : ids[start] }

    /// Where the id stands or would stand.
    private func place(of id: JobID) -> Int {
        var (low, high) = (start, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func insert(_ id: JobID) {
        let place = place(of: id)
        guard place == ids.count || ids[place] != id else { return }
        ids.insert(id, at: place)
    }

    /// - Returns: whether it was here.
    mutating func remove(_ id: JobID) -> Bool {
        let place = place(of: id)
        guard place < ids.count, ids[place] == id else { return false }
        if place == start { start += 1 } else { ids.remove(at: place) }
        // The gap at the front is never the larger part.
        if start > 64, start * 2 > ids.count {
            ids.removeFirst(start)
            start = 0
        }
        return true
    }
}
