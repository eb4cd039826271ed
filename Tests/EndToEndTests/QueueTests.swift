import Foundation
import JSON
import Testing

extension EndToEnd {
    @Suite("the queue")
    struct Queue {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test("runs jobs side by side as far as they fit, and takes all of them up again after a kill")
        func sideBySide() async throws {
            try await Daemon.own { daemon in
                let small = ["--cpus", "\(Host.millicores / 2)m"]
                let first = try await submit("slow", small, to: daemon)
                let second = try await submit("slow", small, to: daemon)
                let third = try await submit("obey", ["--cpus", "10m"], to: daemon)
                for id in [first, second] { _ = try await daemon.job(id, in: "running") }
                #expect(try await daemon.job(third)["state"] == "queued", "there is no room")
                let pid = try #require(await daemon.pid)
                let both = try await eventually(within: .seconds(5)) {
                    Host.descendants(of: pid).filter { $0.name == "trainer" }.count == 4
                }
                #expect(both, "two trainers, each with its child")
                let remains = Host.descendants(of: pid)
                await daemon.kill()
                #expect(try await eventually(within: .seconds(1)) { Host.living(remains).isEmpty })
                try await daemon.start()
                for id in [first, second, third] {
                    let job = try await daemon.job(id, in: "completed", "failed")
                    #expect(job["state"] == "completed", "\(job)")
                    #expect(job["attempt"] == (id == third ? 1 : 2))
                    let fetched = try await daemon.fetch(id)
                    #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)
                }
                #expect(files(below: "\(daemon.state)/work").isEmpty)
            }
        }

        @Test("ends a job that was told to end, although its supervisor died before it could")
        func cancelOutlives() async throws {
            try await Daemon.own { daemon in
                let id = try await submit("stubborn", [], to: daemon)
                let isDeaf = try await eventually(within: .seconds(10)) {
                    try await daemon.aibom("logs", id).text == "waiting\n"
                }
                try #require(isDeaf)
                let asked = try await daemon.ask("/v1/jobs/\(id)/cancel", "-X", "POST")
                #expect(asked.status == 202 && asked.document["cancel_requested"] == true, "\(asked)")
                await daemon.kill()
                try await daemon.start()
                let job = try await daemon.job(id, in: "cancelled", "running", "failed")
                #expect(job["state"] == "cancelled" && job["attempt"] == 1, "\(job)")
            }
        }

        @Test("gives up after as many attempts as the job asked for")
        func attempts() async throws {
            try await Daemon.own { daemon in
                let id = try await submit("patient", ["--max-attempts", "1"], to: daemon)
                _ = try await daemon.job(id, in: "running")
                await daemon.kill()
                try await daemon.start()
                let job = try await daemon.job(id, in: "failed")
                #expect(job["attempt"] == 1)
                #expect(job["problem"]?["detail"]?.stringValue?.contains("once while it ran") == true, "\(job)")
            }
        }

        @Test("holds a job to the memory that it asked for, and says so in its AIBoM")
        func holdsToAsk() async throws {
            let daemon = try EndToEnd.daemon
            let asked = 100 << 20
            let job = try await daemon.train(
                try Submission.hostile("obey", in: folder), "--memory", "\(asked)", "--cpus", "500m")
            try #require(job.result.status == 0, "\(job)")
            #expect(job.job["resources"]?["memory_bytes"] == .integer(Int64(asked)))
            let fetched = try await daemon.fetch(job.id)
            let text = String(decoding: try fetched.read("artifacts/aibom.json"), as: UTF8.self)
            let limits = [("memory_bytes", "\(asked)"), ("cpu_weight", "50"), ("cpu_millicores_reserved", "500")]
            for (name, value) in limits {
                let property = text.range(of: "limit.\(name)\"").map { text[$0.upperBound...].prefix(60) }
                #expect(property?.contains("\"\(value)\"") == true, "\(name): \(property ?? "is not there")")
            }
        }

        @Test("deletes the inputs of a job that is over when it is asked to, and its evidence still verifies")
        func deletesInputs() async throws {
            let daemon = try EndToEnd.daemon
            let own = try folder.write("a\n\(UUID().uuidString)\n", as: "own.csv")
            var submission = try Submission.hostile("obey", in: folder)
            submission.dataset = own
            let job = try await daemon.train(submission)
            try #require(job.result.status == 0, "\(job)")
            let digest = try #require(job.job["inputs"]?["dataset"]?["sha256"]?.stringValue)
            let blob = "\(daemon.state)/blobs/sha256/\(digest.prefix(2))/\(digest)"
            #expect(FileManager.default.fileExists(atPath: blob))
            let deleted = try await daemon.ask("/v1/jobs/\(job.id)/inputs", "-X", "DELETE")
            #expect(deleted.status == 200 && deleted.document["inputs_deleted_at"]?.stringValue != nil, "\(deleted)")
            #expect(!FileManager.default.fileExists(atPath: blob))
            let fetched = try await daemon.fetch(job.id)
            #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)

            let waiting = try await submit("patient", [], to: daemon)
            let refused = try await daemon.ask("/v1/jobs/\(waiting)/inputs", "-X", "DELETE")
            #expect(refused.status == 409, "\(refused)")
            #expect(try await daemon.aibom("cancel", waiting).status == 0)
            _ = try await daemon.job(waiting, in: "cancelled")
        }

        @Test(
            "refuses what can never fit",
            arguments: [
                ("--memory", "1", "resources.memory_bytes"), ("--gpus", "1", "resources.gpus"),
                ("--cpus", "999", "resources.cpu_millicores"),
            ])
        func refuses(option: String, value: String, field: String) async throws {
            let daemon = try EndToEnd.daemon
            let job = try await daemon.submit(
                try Submission.hostile("obey", in: folder), [option, value])
            #expect(job.result.status != 0)
            #expect(job.result.err.contains(field) && job.result.err.contains("remedy: "), "\(job)")
        }

        private func submit(_ attack: String, _ more: [String], to daemon: Daemon) async throws -> String {
            let job = try await daemon.submit(try Submission.hostile(attack, in: folder), more)
            try #require(job.result.status == 0, "\(job)")
            return job.id
        }
    }
}
