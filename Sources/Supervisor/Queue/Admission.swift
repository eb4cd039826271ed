internal import JobStore
internal import Jobs

/// Who runs, and what of the host's capacity is taken by that. What was admitted never adds up to more than the capacity.
struct Admission {
    struct Share: Equatable {
        let owner: String
        let resources: Resources
        /// Which of the host's GPUs the job has to itself, by number.
        let gpus: [Int]
    }

    let capacity: Resources
    private(set) var running: [JobID: Share] = [:]
    private(set) var used = Resources()
    private var freeGPUs: [Int]

    init(capacity: Resources) {
        self.capacity = capacity
        freeGPUs = Array(0..<Int(clamping: capacity.gpus))
    }

    var free: Resources { capacity - used }

    func runningJobs(of owner: String) -> Int { running.values.count { $0.owner == owner } }

    /// Takes a job in.
    ///
    /// - Returns: what it has from now on; nil when it does not fit, or is in already.
    mutating func admit(_ job: QueuedJob) -> Share? {
        guard running[job.id] == nil, job.resources.fits(in: free), freeGPUs.count >= Int(clamping: job.resources.gpus)
        else { return nil }
        let count = Int(clamping: job.resources.gpus)
        let share = Share(owner: job.owner, resources: job.resources, gpus: Array(freeGPUs.prefix(count)))
        freeGPUs.removeFirst(count)
        running[job.id] = share
        used = used + job.resources
        return share
    }

    /// Gives back what a job had; one that is not in has nothing.
    mutating func release(_ id: JobID) {
        guard let share = running.removeValue(forKey: id) else { return }
        used = used - share.resources
        freeGPUs = (freeGPUs + share.gpus).sorted()
    }
}
