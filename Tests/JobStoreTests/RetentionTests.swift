import Foundation
import Jobs
import Linux
import Measure
import Synchronization
import Testing

@testable import JobStore

@Suite("what becomes of inputs")
struct RetentionTests {
    let folder: Folder
    let jobs: JobStore
    let blobs: BlobStore

    init() throws {
        folder = try Folder()
        jobs = try folder.jobs()
        blobs = try folder.blobs()
    }

    private func submit(_ blob: Blob, owner: String = "uid:0") throws -> Job {
        let input = JobInput(role: .dataset, fileName: try FileName("d.csv", field: "f"), digest: blob.digest)
        let new = NewJob(
            id: ids.next(), owner: owner, rootfs: "keras", policy: "strict",
            inputs: [StoredInput(input, size: blob.size)], parameters: [], metadata: Metadata())
        return try jobs.accept(new).job
    }

    private func end(_ job: Job, at time: Instant = .now()) throws {
        try jobs.finish(job.id, from: .queued, as: .cancelled, artifacts: [], at: time)
    }

    private func isStored(_ blob: Blob) throws -> Bool { try blobs.size(of: blob.digest) != nil }

    /// Past every lease of now.
    private var tomorrow: Instant {
        Instant(milliseconds: Instant.now().milliseconds + BlobStore.leaseMilliseconds + 1)
    }

    @Test("they go with the last job that needs them, at once, and the job says so")
    func goWithLast() throws {
        let blob = try blobs.store([1, 2, 3])
        Thread.sleep(forTimeInterval: 0.01)  // so that the jobs are later than the upload by the clock of milliseconds
        let (first, second) = (try submit(blob), try submit(blob))
        try end(first)
        try jobs.giveUpInputs(of: first.id)
        #expect(try !blobs.remove(blob.digest, unlessNeededBy: jobs))
        #expect(try isStored(blob))
        try end(second)
        let given = try jobs.giveUpInputs(of: second.id, at: Instant(milliseconds: 77))
        #expect(given.inputsDeleted == Instant(milliseconds: 77))
        #expect(given.inputs.first?.input.digest == blob.digest, "the digest stays on record")
        #expect(try jobs.giveUpInputs(of: second.id).inputsDeleted == Instant(milliseconds: 77))
        #expect(try blobs.remove(blob.digest, unlessNeededBy: jobs))
        #expect(try !isStored(blob))
        #expect(try !blobs.remove(blob.digest, unlessNeededBy: jobs), "gone is gone")
    }

    @Test("they stay while the job is not over")
    func stayBefore() throws {
        let job = try submit(try blobs.store([1]))
        #expect(throws: StoreError.notOver(job.id, .queued)) { try jobs.giveUpInputs(of: job.id) }
        #expect(try jobs.job(job.id).inputsDeleted == nil)
    }

    @Test("they are found by the end of their job, the oldest first")
    func foundByAge() throws {
        let ended = try (0..<3).map { index in
            let job = try submit(try blobs.store([UInt8(index)]))
            try end(job, at: Instant(milliseconds: Int64(100 - index)))
            return job.id
        }
        _ = try submit(try blobs.store([9]))
        let limit = Instant(milliseconds: 100)
        #expect(try jobs.jobsWithInputs(endedBefore: limit, limit: 9) == [ended[2], ended[1]])
        try jobs.giveUpInputs(of: ended[2])
        #expect(try jobs.jobsWithInputs(endedBefore: limit, limit: 9) == [ended[1]])
    }

    @Test("evidence stays, also when it has the same bytes as an input")
    func evidenceStays() throws {
        let blob = try blobs.store([4, 5])
        let job = try submit(blob)
        let artifact = Artifact(name: "trained_model.keras", role: .model, blob: blob)
        try jobs.finish(job.id, from: .queued, as: .cancelled, artifacts: [artifact])
        try jobs.giveUpInputs(of: job.id)
        #expect(try blobs.sweep(unlessNeededBy: jobs, now: tomorrow) == 0)
        #expect(try isStored(blob))
    }

    @Test("what a job is being sealed with stays, however long that takes, until its end says who has it")
    func sealingStays() throws {
        let (kept, dropped) = (try blobs.store([6]), try blobs.store([7]))
        var job = try jobs.job(through: .received, .queued, .staging, .running)
        job = try jobs.move(job.id, from: .running, to: .sealing, holding: [kept.digest])
        try jobs.hold([dropped.digest, kept.digest], of: job.id)
        #expect(try blobs.sweep(unlessNeededBy: jobs, now: tomorrow) == 0)
        let artifact = Artifact(name: "aibom.json", role: .bom, blob: kept)
        try jobs.finish(job.id, from: .sealing, as: .completed, artifacts: [artifact])
        try jobs.hold([dropped.digest], of: job.id)
        #expect(try blobs.sweep(unlessNeededBy: jobs, now: tomorrow) == 1, "a job that is over holds nothing")
        #expect(try isStored(kept) && !isStored(dropped))
    }

    @Test("an upload waits a day for its job, again from each upload of the same bytes")
    func lease() throws {
        let blob = try blobs.store([8])
        #expect(try blobs.sweep(unlessNeededBy: jobs) == 0)
        let path = "\(folder.path)/\(try #require(folder.files().first { $0.hasPrefix("blobs/") }))"
        var old = [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: 1000, tv_usec: 0)]
        #expect(utimes(path, &old) == 0)
        #expect(try blobs.store([8]) == blob)
        #expect(try blobs.sweep(unlessNeededBy: jobs) == 0, "the second upload is as good as the first")
        #expect(utimes(path, &old) == 0)
        #expect(try blobs.sweep(unlessNeededBy: jobs) == 1)
        #expect(try folder.files().allSatisfy { !$0.hasPrefix("blobs/") })
    }

    @Test("an upload that comes after a job's own is not taken away with that job's inputs")
    func laterUpload() throws {
        let blob = try blobs.store([8])
        Thread.sleep(forTimeInterval: 0.01)
        let job = try submit(blob)
        Thread.sleep(forTimeInterval: 0.01)
        _ = try blobs.store([8])
        try end(job)
        try jobs.giveUpInputs(of: job.id)
        #expect(try !blobs.remove(blob.digest, unlessNeededBy: jobs))
        #expect(try blobs.remove(blob.digest, unlessNeededBy: jobs, now: tomorrow))
    }

    @Test("what is pinned stays until the last pin is gone")
    func pins() throws {
        let blob = try blobs.store([9])
        try blobs.pinning([blob.digest]) { () throws in
            try blobs.pinning([blob.digest, blob.digest]) { () throws in
                #expect(try !blobs.remove(blob.digest, unlessNeededBy: jobs, now: tomorrow))
            }
            #expect(try !blobs.remove(blob.digest, unlessNeededBy: jobs, now: tomorrow))
        }
        #expect(try blobs.remove(blob.digest, unlessNeededBy: jobs, now: tomorrow))
    }

    /// Whatever falls together with what: a job that was accepted has its input.
    @Test("a submission races with the removal and never loses an input that it was promised")
    func races() throws {
        let accepted = Mutex<[Blob]>([])
        let isDone = Mutex(false)
        let group = DispatchGroup()
        group.enter()
        Thread.detachNewThread { [jobs, blobs, tomorrow] in
            while !isDone.withLock({ $0 }) { _ = try? blobs.sweep(unlessNeededBy: jobs, now: tomorrow) }
            group.leave()
        }
        for round in 0..<60 {
            let blob = try blobs.store([UInt8(round % 4), 1])
            let isAccepted = try blobs.pinning([blob.digest]) { () -> Bool in
                guard try blobs.size(of: blob.digest) != nil else { return false }
                let job = try submit(blob)
                if round % 2 == 0 {
                    try end(job)
                    try jobs.giveUpInputs(of: job.id)
                    return false
                }
                return true
            }
            if isAccepted { accepted.withLock { $0.append(blob) } }
        }
        isDone.withLock { $0 = true }
        group.wait()
        for blob in accepted.withLock({ $0 }) { #expect(try isStored(blob)) }
        #expect(accepted.withLock { !$0.isEmpty })
    }
}
