import Foundation
import JSON
import Testing

extension EndToEnd {
    @Suite("aibom cancel")
    struct Cancel {
        let folder: Folder
        let daemon: Daemon

        init() throws {
            folder = try Folder()
            daemon = try EndToEnd.daemon
        }

        @Test("ends a running job and takes a waiting one from the queue")
        func cancels() async throws {
            try await daemon.leavesNothing {
                let running = try await submit("patient")
                _ = try await daemon.job(running, in: "running")
                let waiting = try await submit("obey", ["--cpus", "\(Host.millicores)m"])
                #expect(try await daemon.job(waiting)["state"] == "queued")

                #expect(try await daemon.aibom("cancel", waiting).status == 0)
                #expect(try await daemon.job(waiting)["state"] == "cancelled")
                let pid = try #require(await daemon.pid)
                let isSeen = try await eventually(within: .seconds(5)) {
                    Host.descendants(of: pid).filter { $0.name == "trainer" }.count == 2
                }
                try #require(isSeen)
                #expect(try await daemon.aibom("cancel", running).status == 0)
                let ended = try await daemon.job(running, in: "cancelled", within: .seconds(3))
                #expect(ended["problem"] == nil)
                #expect(!Host.descendants(of: pid).contains { $0.name == "trainer" })

                // What is over can't be cancelled; the answer says so and what to do.
                let again = try await daemon.aibom("cancel", running)
                #expect(again.status == 1)
                #expect(again.err.contains("the job is cancelled and can't be cancelled\nremedy: "), "\(again)")
            }
        }

        @Test("kills a trainer that does not heed SIGTERM, after the grace")
        func kills() async throws {
            try await daemon.leavesNothing {
                let id = try await submit("stubborn")
                let isDeaf = try await eventually(within: .seconds(10)) {
                    try await daemon.aibom("logs", id).text == "waiting\n"
                }
                try #require(isDeaf)
                let clock = ContinuousClock()
                let start = clock.now
                #expect(try await daemon.aibom("cancel", id).status == 0)
                _ = try await daemon.job(id, in: "cancelled", within: .seconds(8))
                let took = clock.now - start
                #expect(took > .seconds(4.5) && took < .seconds(8), "the policy's grace is 5 s, it took \(took)")
            }
            let next = try await daemon.train(try Submission.hostile("obey", in: folder))
            #expect(next.result.status == 0, "\(next)")
        }

        private func submit(_ attack: String, _ more: [String] = []) async throws -> String {
            let job = try await daemon.submit(try Submission.hostile(attack, in: folder), more)
            try #require(job.result.status == 0, "\(job)")
            return job.id
        }
    }
}
