internal import Dispatch

/// Threads that may wait: for an fsync, a lock, a process. Swift's own are as few as the cores and must never wait, or a
/// slow disk would stop every connection.
///
/// `withTaskExecutorPreference(BlockingThreads.shared) { … }` runs there what is inside, actors included.
package final class BlockingThreads: TaskExecutor {
    package static let shared = BlockingThreads()

    /// Dispatch adds threads while those that it has are waiting, up to its limit of 64; what is over that queues.
    private let queue = DispatchQueue(label: "aibom.blocking", attributes: .concurrent)

    private init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
