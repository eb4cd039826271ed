internal import Dispatch
internal import JobStore
internal import Jobs
internal import Sandbox
internal import Synchronization

/// The jobs that wait and those that run in this process, behind one lock. The store says what a job is; this says who has it.
final class Floor: Sendable {
    /// A job that has a thread.
    struct Run {
        let job: QueuedJob
        let share: Admission.Share
        let cancellation: Cancellation
    }

    private struct State {
        var queue: FairQueue
        var admission: Admission
        var runs: [JobID: Running] = [:]
        var isStopping = false
        /// A job has ended and its end could not be recorded.
        var isUnsettled = false
    }

    private struct Running {
        let cancellation: Cancellation
        /// From here on its evidence may exist, and its end is no longer anybody's choice.
        var isSealing = false
    }

    private let state: Mutex<State>
    private let wake = DispatchSemaphore(value: 0)

    init(capacity: Resources, patience: Int64) {
        state = Mutex(State(queue: FairQueue(patience: patience), admission: Admission(capacity: capacity)))
    }

    var capacity: Resources { state.withLock { $0.admission.capacity } }
    var used: Resources { state.withLock { $0.admission.used } }
    var isStopping: Bool { state.withLock { $0.isStopping } }
    /// The jobs that have a thread.
    var running: Set<JobID> { state.withLock { Set($0.runs.keys) } }

    // MARK: the scheduler

    /// Queues what does not run already: a job can come from its submission and from the store.
    func add(_ jobs: [QueuedJob]) {
        state.withLock { state in for job in jobs where state.runs[job.id] == nil { state.queue.add(job) } }
        ring()
    }

    func remove(_ job: QueuedJob) { state.withLock { $0.queue.remove(job) } }

    /// The next job to start, taken from the queue and admitted.
    func takeNext(_ cancellation: Cancellation, at now: Int64) -> Run? {
        state.withLock { state in
            guard !state.isStopping, let job = state.queue.next(state.admission, at: now),
                let share = state.admission.admit(job)
            else { return nil }
            state.runs[job.id] = Running(cancellation: cancellation)
            return Run(job: job, share: share, cancellation: cancellation)
        }
    }

    /// A job's thread has ended.
    func leave(_ id: JobID, isSettled: Bool) {
        state.withLock { state in
            state.runs[id] = nil
            state.admission.release(id)
            state.isUnsettled = state.isUnsettled || !isSettled
        }
        ring()
    }

    /// Whether a job's end could not be recorded since this was asked last.
    func takeUnsettled() -> Bool {
        state.withLock { state in
            defer { state.isUnsettled = false }
            return state.isUnsettled
        }
    }

    func ring() { wake.signal() }

    /// Sleeps until something has changed, or `seconds` have passed; many changes are one.
    func wait(_ seconds: Double?) {
        if let seconds { _ = wake.wait(timeout: .now() + seconds) } else { wake.wait() }
        while wake.wait(timeout: .now()) == .success {}
    }

    func close() {
        state.withLock { $0.isStopping = true }
        ring()
    }

    // MARK: the choice between the end that a job finds and the one that somebody asks for

    enum CancelAnswer { case asked, tooLate, notRunning }

    /// Asks a running job to end.
    func cancel(_ id: JobID) -> CancelAnswer {
        state.withLock { state in
            guard let run = state.runs[id] else { return .notRunning }
            guard !run.isSealing else { return .tooLate }
            run.cancellation.cancel()
            return .asked
        }
    }

    /// The job's thread wants to seal: false when somebody was told before that the job ends. Afterwards nobody is told so any more.
    func beginSealing(_ id: JobID) -> Bool {
        state.withLock { state in
            guard let run = state.runs[id], !run.cancellation.isRequested else { return false }
            state.runs[id]?.isSealing = true
            return true
        }
    }
}
