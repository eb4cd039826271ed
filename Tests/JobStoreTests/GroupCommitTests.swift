import Foundation
import GRDB
import Jobs
import Synchronization
import Testing

@testable import JobStore

/// Runs `bodies` on a thread each, at once, and waits for all.
private func together(_ bodies: [@Sendable () -> Void]) {
    let group = DispatchGroup()
    let gate = DispatchSemaphore(value: 0)
    for body in bodies {
        group.enter()
        Thread.detachNewThread {
            gate.wait()
            body()
            group.leave()
        }
    }
    for _ in bodies { gate.signal() }
    group.wait()
}

@Suite("writes that wait together")
struct GroupCommitTests {
    let folder: Folder
    let store: JobStore

    init() throws {
        folder = try Folder()
        store = try folder.jobs()
    }

    @Test("are all kept, each with its own answer")
    func all() throws {
        let jobs = try (0..<64).map { try newJob(owner: "uid:\($0)") }
        let answers = Mutex<[JobID: Acceptance]>([:])
        together(
            jobs.map { job in
                { [store] in
                    let answer = try? store.accept(job)
                    answers.withLock { $0[job.id] = answer }
                }
            })
        for job in jobs {
            let answer = answers.withLock { $0[job.id] }
            #expect(answer?.job.owner == job.owner)
            #expect(try folder.jobs().job(job.id) == answer?.job)
        }
        #expect(try store.tally() == [.queued: 64])
    }

    /// Every second one takes an id that is in use, which fails in the middle of its writes.
    @Test("fail alone: one that is bad takes nothing from those beside it")
    func badOnes() throws {
        let taken = try store.accept(newJob()).job.id
        let good = try (0..<32).map { _ in try newJob() }
        let bad = try (0..<32).map { _ in try newJob(id: taken) }
        let failures = Mutex(0)
        together(
            zip(good, bad).flatMap { good, bad -> [@Sendable () -> Void] in
                [
                    { [store] in _ = try? store.accept(good) },
                    { [store] in
                        do throws(StoreError) { _ = try store.accept(bad) } catch {
                            guard case .database(stage: "accept job", _) = error else { return }
                            failures.withLock { $0 += 1 }
                        }
                    },
                ]
            })
        #expect(failures.withLock { $0 } == 32)
        for job in good { #expect(try store.job(job.id).inputs == job.inputs) }
        #expect(try store.tally() == [.queued: 33])
        #expect(try store.events(of: taken).count == 2, "nothing half of a bad one is left")
    }

    /// A body that ends the transaction under all others, as a full disk does.
    @Test("are run again, each alone, when their transaction is lost")
    func lostTransaction() throws {
        let jobs = try (0..<16).map { _ in try newJob() }
        let bodies = jobs.map { job -> @Sendable () -> Void in { [store] in _ = try? store.accept(job) } }
        let saboteur: @Sendable () -> Void = { [store] in
            _ = try? store.write("sabotage") { database -> Int in
                try database.execute(sql: "ROLLBACK")
                throw DatabaseError(resultCode: .SQLITE_FULL)
            }
        }
        together(bodies + [saboteur] + [saboteur])
        for job in jobs { #expect(try store.job(job.id).state == .queued) }
    }

    @Test("share their waits for the disk")
    func shares() throws {
        // Held up by a write that waits, all others are in line when it ends.
        let first = DispatchSemaphore(value: 0)
        let begun = DispatchSemaphore(value: 0)
        let holder = DispatchGroup()
        holder.enter()
        Thread.detachNewThread { [store] in
            _ = try? store.write("hold") { _ in
                begun.signal()
                first.wait()
            }
            holder.leave()
        }
        begun.wait()
        let before = try frames()
        let jobs = try (0..<32).map { _ in try newJob() }
        let group = DispatchGroup()
        for job in jobs {
            group.enter()
            Thread.detachNewThread { [store] in
                _ = try? store.accept(job)
                group.leave()
            }
        }
        Thread.sleep(forTimeInterval: 0.5)
        first.signal()
        holder.wait()
        group.wait()
        let together = try frames() - before
        for job in try (0..<32).map({ _ in try newJob() }) { try store.accept(job) }
        let alone = try frames() - before - together
        // A transaction writes each page that it has changed once to the log; 32 of them write the same pages 32 times.
        #expect(together * 3 < alone, "\(together) pages together, \(alone) one by one")
        #expect(try store.tally() == [.queued: 64])
    }

    /// Pages in the write-ahead log.
    private func frames() throws -> Int {
        let log = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/jobs.sqlite-wal")
        return (log[.size] as? Int ?? 0) / 4096
    }
}
