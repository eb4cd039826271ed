internal import NIOPosix

/// Threads that may wait: for an fsync, a lock, a process. Swift's own are as few as the cores and must never wait, or a
/// slow disk would stop every connection.
///
/// `withTaskExecutorPreference(BlockingThreads.shared) { … }` runs there what is inside, actors included.
///
/// Not Dispatch's threads: on Linux it begins with as many as there are cores, and while all of them wait it adds one a second, so
/// that writes would hardly ever meet to share an fsync.
package final class BlockingThreads: TaskExecutor {
    /// For whatever may write.
    package static let shared = BlockingThreads(count: 64)
    /// For what only reads, so that it does not queue behind writes that wait for the disk.
    package static let readers = BlockingThreads(count: 8)

    private let threads: NIOThreadPool

    private init(count: Int) {
        threads = NIOThreadPool(numberOfThreads: count)
        threads.start()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
