internal import Foundation
internal import JobStore
internal import Jobs
internal import Linux
internal import Logging
internal import Measure
internal import Synchronization

/// Takes away what nobody needs any more: inputs of jobs that ended long ago, uploads that no job came for, and what a killed
/// process left in the store. Evidence stays.
final class Caretaker: Sendable {
    /// Seconds between two rounds.
    private static let interval = 3600.0
    /// The store is walked once a day; what a round gives up by name it takes away itself.
    private static let roundsPerSweep = 24
    /// Jobs of one step, between which a stop is heeded.
    private static let step = 100

    private let installation: Installation
    private let retentionDays: Int
    private let log: Logger
    private let wake = DispatchSemaphore(value: 0)
    private let isStopping = Atomic(false)

    init(_ installation: Installation, retentionDays: Int, log: Logger) {
        self.installation = installation
        self.retentionDays = retentionDays
        self.log = log
    }

    func start() {
        Thread.detachNewThread {
            var round = 0
            while !self.isStopping.load(ordering: .acquiring) {
                self.work(isSweeping: round % Self.roundsPerSweep == 0)
                round += 1
                _ = self.wake.wait(timeout: .now() + Self.interval)
            }
        }
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        wake.signal()
    }

    private func work(isSweeping: Bool) {
        do {
            let jobs = try giveUpOldInputs()
            if isSweeping { try installation.holdSeals() }
            let blobs = isSweeping ? try installation.blobs.sweep(unlessNeededBy: installation.jobs) : 0
            guard jobs + blobs > 0 else { return }
            log.info(
                "old inputs were taken away", metadata: ["jobs": "\(jobs)", "other_blobs": "\(blobs)"])
        } catch {
            log.error("old inputs can't be taken away", metadata: ["error": "\(error)"])
        }
    }

    /// - Returns: of how many jobs.
    private func giveUpOldInputs() throws(StoreError) -> Int {
        guard retentionDays > 0 else { return 0 }
        let limit = Instant(milliseconds: Instant.now().milliseconds - Int64(retentionDays) * 86_400_000)
        var count = 0
        while !isStopping.load(ordering: .acquiring) {
            let ids = try installation.jobs.jobsWithInputs(endedBefore: limit, limit: Self.step)
            for id in ids { try installation.deleteInputs(of: id) }
            count += ids.count
            if ids.count < Self.step { break }
        }
        return count
    }
}

extension Installation {
    /// Holds what unfinished seals name: a version before this one began some without holding anything.
    fileprivate func holdSeals() throws {
        for job in try jobs.jobs(in: .sealing) {
            do throws(SealError) {
                let seal = try resumeSeal(of: job.id)
                try hold(seal, of: job.id)
            } catch {
                // A record that does not read names nothing that could be published.
                guard case .lost = error else { throw error }
            }
        }
    }

    private func hold(_ seal: PendingSeal, of id: JobID) throws(SealError) {
        do throws(StoreError) { try jobs.hold(seal.blobs.map(\.digest), of: id) } catch { throw .store(error) }
    }

    /// Gives up a job's inputs and removes those that nobody else needs; the job keeps their names, sizes and digests.
    @discardableResult
    func deleteInputs(of id: JobID) throws(StoreError) -> Job {
        let job = try jobs.giveUpInputs(of: id)
        CrashPoint.pass(.inputsGivenUp)
        for digest in Set(job.inputs.map(\.input.digest)) { try blobs.remove(digest, unlessNeededBy: jobs) }
        return job
    }
}
