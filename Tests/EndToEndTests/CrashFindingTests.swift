import Foundation
import Isolation
import JSON
import Linux
import Testing

extension EndToEnd {
    /// What the crash tests expect not to find: here it is, and they find it.
    @Suite("who looks for what a crash left")
    struct CrashFindings {
        @Test("finds a job that is lost, one that is doubled and one that ended twice")
        func jobs() async throws {
            try await Trial.run { trial in
                let ids = try await trial.threeJobs()
                await trial.daemon.kill()
                let twin = "\(ids[0].dropLast(4))ffff"
                _ = try await trial.daemon.query(
                    """
                    CREATE TEMP TABLE twin AS SELECT * FROM jobs WHERE id = '\(ids[0])';
                    UPDATE twin SET id = '\(twin)';
                    INSERT INTO jobs SELECT * FROM twin;
                    DELETE FROM jobs WHERE id = '\(ids[1])';
                    INSERT INTO events SELECT job, sequence + 1, at, kind, payload FROM events
                        WHERE job = '\(ids[2])' ORDER BY sequence DESC LIMIT 1;
                    """)
                try await trial.daemon.start(by: ["setsid"])
                // Its keeper takes away what no job needs any more.
                let gone = Set(await trial.workload.orders[1].digests.map(Finding.lostBlob))
                let standing = try await trial.ledger.standing()
                #expect(standing.subtracting(gone) == [.lostJob(ids[1]), .strangeJob(twin)])
                let found = try await trial.ledger.closing().subtracting(gone)
                #expect(found.isSuperset(of: [.lostJob(ids[1]), .strangeJob(twin), .badHistory(twin, [])]))
                #expect(found.contains { if case .badEvidence(twin, _) = $0 { true } else { false } })
                let once = ["received", "queued", "staging", "running", "sealing", "completed"]
                #expect(found.contains(.badHistory(ids[2], once + ["completed"])))
                #expect(found.count == 5, "\(found)")
            }
        }

        @Test("finds an end that was taken back, and one that a job can't have come to")
        func ends() async throws {
            try await Trial.run { trial in
                let ids = try await trial.threeJobs()
                await trial.daemon.kill()
                _ = try await trial.daemon.query(
                    """
                    UPDATE jobs SET state = 'failed' WHERE id = '\(ids[0])';
                    UPDATE jobs SET state = 'cancelled' WHERE id = '\(ids[2])';
                    """)
                try await trial.daemon.start(by: ["setsid"])
                #expect(try await trial.ledger.standing() == [.endTakenBack(ids[0]), .endTakenBack(ids[2])])
                let found = try await trial.ledger.closing()
                for id in [ids[0], ids[2]] {
                    #expect(found.contains { if case .badEnd(id, _) = $0 { true } else { false } }, "\(found)")
                }
            }
        }

        @Test("finds a blob that is damaged, lost or kept, and files of nobody")
        func blobs() async throws {
            try await Trial.run { trial in
                let ids = try await trial.threeJobs()
                let daemon = trial.daemon
                let orders = await trial.workload.orders
                func path(_ digest: String) -> String { "\(daemon.state)/blobs/sha256/\(digest.prefix(2))/\(digest)" }
                let list = try await daemon.ask("/v1/jobs/\(ids[0])/artifacts").document["artifacts"]?.arrayValue ?? []
                let signature = try #require(
                    list.first { $0["name"] == "aibom.sig" }?["sha256"]?.stringValue)
                let lost = orders[1].digests[0]
                let kept = orders[2].digests[1]
                try Data([0x30]).write(to: URL(fileURLWithPath: path(signature)))
                try FileManager.default.removeItem(atPath: path(lost))
                try FileManager.default.createDirectory(
                    atPath: "\(daemon.state)/blobs/sha256/\(kept.prefix(2))", withIntermediateDirectories: true)
                try Data(orders[2].inputs[1].bytes).write(to: URL(fileURLWithPath: path(kept)))
                try Data().write(to: URL(fileURLWithPath: "\(daemon.state)/blobs/sha256/\(kept.prefix(2))/new"))
                try Data().write(to: URL(fileURLWithPath: "\(daemon.state)/work/new"))

                let now: Set<Finding> = [
                    .damagedBlob(signature), .lostBlob(lost), .keptBlob(kept), .strayFile("\(kept.prefix(2))/new"),
                ]
                #expect(try await trial.ledger.standing() == now)
                let found = try await trial.ledger.closing()
                #expect(found.isSuperset(of: now.union([.strayFile("new")])), "\(found)")
                #expect(found.contains { if case .badEvidence(ids[0], _) = $0 { true } else { false } })
                #expect(found.count == 6, "\(found)")
            }
        }

        @Test("finds an orphan, a mount, a loop device and a control group")
        func host() async throws {
            try await Trial.run { trial in
                let daemon = trial.daemon
                try await daemon.start(by: ["setsid", "sh", "-c", "sleep 600 & exec \"$@\"", "sh"])
                let pid = try #require(await daemon.pid)
                let orphan = try #require(Host.descendants(of: pid).first { $0.name == "sleep" })
                await daemon.kill()
                #expect(try await trial.traces.afterDeath(of: pid) == [.process("sleep \(orphan.pid)")])
                kill(orphan.pid, SIGKILL)
                #expect(try await trial.traces.afterDeath(of: pid) == [])

                let place = daemon.home.path("left")
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
                let image = "\(daemon.cache)/hostile/current/rootfs.squashfs"
                let attached = try await Command.run("losetup", ["--find", "--show", "--read-only", image])
                let device = attached.text.trimmingCharacters(in: .newlines)
                let mounted = try await Command.run("mount", ["-o", "ro", device, place])
                let found = try await trial.traces.afterDeath(of: pid)
                #expect(try await Command.run("umount", [place]).status == 0, "\(mounted)")
                #expect(try await Command.run("losetup", ["--detach", device]).status == 0)
                #expect(found == [.mount(place), .loop(image)])
                #expect(try await trial.traces.afterDeath(of: pid) == [])

                // Held as a living supervisor holds it, it is not swept.
                let group = try #require(try ControlGroups.abandoned(GroupSurvey()).first)
                let folder = open(group, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                try #require(flock(folder, LOCK_EX | LOCK_NB) == 0)
                try await daemon.start(by: ["setsid"])
                let left = try await trial.traces.afterStart()
                close(folder)
                #expect(left == [.group(group)])
                let next = try #require(await daemon.pid)
                await daemon.kill()
                #expect(try await trial.traces.afterDeath(of: next) == [])
                try await daemon.start(by: ["setsid"])
                #expect(try await trial.traces.afterStart() == [])
            }
        }
    }
}

extension Trial {
    /// One job of each wish, carried out to the end; the books are in order.
    ///
    /// - Returns: their ids: evidence, cancellation, inputs deleted.
    fileprivate mutating func threeJobs() async throws -> [String] {
        try await start()
        try await workload.run(placing: 3)
        try await close()
        let ids = await workload.orders.compactMap(\.job)
        try #require(ids.count == 3)
        return ids
    }
}
