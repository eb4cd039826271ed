import Foundation
import JSON
import Testing

extension EndToEnd {
    /// A supervisor that is killed: nothing of its jobs outlives it, and its successor goes on where it stood.
    @Suite("a killed supervisor")
    struct KilledDaemon {
        let folder: Folder

        init() throws { folder = try Folder() }

        @Test("leaves no process, mount or loop device, and its job completes in a second attempt")
        func retries() async throws {
            try await Daemon.own { daemon in
                let id = try await start("slow", on: daemon)
                try await killAndExpectNothing(daemon)
                try await daemon.start()
                let job = try await daemon.job(id, in: "completed", "failed")
                #expect(job["state"] == "completed", "\(job)")
                #expect(job["attempt"] == 2)
                let fetched = try await daemon.fetch(id)
                #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)
                #expect(try fetched.read("artifacts/logs.txt").elementsEqual("waiting\n".utf8))
            }
        }

        @Test("fails a job whose every attempt was cut short, with the reason")
        func givesUp() async throws {
            try await Daemon.own { daemon in
                let id = try await start("patient", on: daemon)
                for attempt in 2...4 {
                    try await killAndExpectNothing(daemon)
                    try await daemon.start()
                    if attempt < 4 { try await waitUntilItRuns(id, Int64(attempt), on: daemon) }
                }
                let job = try await daemon.job(id, in: "failed")
                #expect(job["attempt"] == 3)
                let detail = job["problem"]?["detail"]?.stringValue
                #expect(detail?.contains("the supervisor ended, or could not record an end, 3 times") == true)
                #expect(job["problem"]?["remedy"]?.stringValue?.contains("ask the operator") == true)
                #expect(files(below: "\(daemon.state)/work").isEmpty)
                try await expectRecord(of: id, at: "run", on: daemon)
                // The queue goes on.
                let next = try await daemon.train(try Submission.hostile("obey", in: folder))
                #expect(next.result.status == 0, "\(next)")
            }
        }

        @Test("while it seals, and what it had begun is damaged: its successor ends the job with a record of that")
        func losesSeal() async throws {
            try await Daemon.own { daemon in
                let (id, seal) = try await stopInSeal(daemon)
                try FileManager.default.removeItem(atPath: seal)
                try Data("{}\n".utf8).write(to: URL(filePath: seal))
                try await daemon.start()
                let job = try await daemon.job(id, in: "failed")
                #expect(job["problem"]?["type"] == "urn:aibom:problem:seal-lost")
                try await expectRecord(of: id, at: "seal", on: daemon)
                #expect(files(below: "\(daemon.state)/work").isEmpty)
            }
        }

        /// Kills a supervisor whose signer does not answer.
        ///
        /// - Returns: the job, and the file of its seal.
        private func stopInSeal(_ daemon: Daemon) async throws -> (id: String, seal: String) {
            let pid = try #require(await daemon.pid)
            let signer = try #require(Host.descendants(of: pid).first { $0.name == "aibom-signer" })
            kill(signer.pid, SIGSTOP)
            let submitted = try await daemon.submit(try Submission.hostile("obey", in: folder))
            _ = try await daemon.job(submitted.id, in: "sealing")
            #expect(try await artifacts(of: submitted.id, on: daemon).isEmpty)
            #expect(files(below: "\(daemon.state)/work").contains("\(submitted.id).seal"))
            await daemon.kill()
            kill(signer.pid, SIGCONT)
            #expect(try await eventually(within: .seconds(1)) { Host.living([signer]).isEmpty })
            return (submitted.id, "\(daemon.state)/work/\(submitted.id).seal")
        }

        @Test("while it seals: its successor seals the same document, once")
        func sealsOnce() async throws {
            try await Daemon.own { daemon in
                let (id, _) = try await stopInSeal(daemon)
                try await daemon.start()
                let job = try await daemon.job(id, in: "completed")
                #expect(job["attempt"] == 1)
                let names = try await artifacts(of: id, on: daemon)
                #expect(names == EvidenceNames.completed)
                let fetched = try await daemon.fetch(id)
                #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)
                #expect(files(below: "\(daemon.state)/work").isEmpty)
            }
        }

        @Test("that was asked to end puts its job back into the queue, and its successor completes it")
        func ended() async throws {
            try await Daemon.own { daemon in
                let id = try await start("slow", on: daemon)
                let remains = Host.descendants(of: try #require(await daemon.pid))
                #expect(await daemon.terminate() == 0)
                #expect(try await eventually(within: .seconds(1)) { Host.living(remains).isEmpty })
                try await daemon.start()
                let job = try await daemon.job(id, in: "completed", "failed")
                #expect(job["state"] == "completed")
                #expect(job["attempt"] == 1, "an orderly stop is no failed attempt")
            }
        }

        @Test("that was asked to end does, although a client holds its connection")
        func isNotHeld() async throws {
            try await Daemon.own { daemon in
                let client = try await daemon.stuckUpload()
                #expect(await daemon.terminate() == 0)
                // The client is cut off and says so by its status.
                #expect(try await client.value.status == 0)
            }
        }

        /// A signed record that the job failed, at which stage, and nothing else: there is no AIBoM of it.
        private func expectRecord(of id: String, at stage: String, on daemon: Daemon) async throws {
            let fetched = try await daemon.fetch(id)
            #expect(files(below: fetched.path("artifacts")) == EvidenceNames.bare)
            let lines = try fetched.read("artifacts/attestation.intoto.jsonl").split(separator: UInt8(ascii: "\n"))
            try #require(lines.count == 1)
            let envelope = try JSON.parse(Array(lines[0]), limits: .document)
            let payload = try #require(envelope["payload"]?.stringValue.flatMap { Data(base64Encoded: $0) })
            let statement = try JSON.parse(Array(payload), limits: .document)
            #expect(statement["predicateType"] == "urn:aibomgen:attestation:failure:1")
            #expect(statement["predicate"]?["stage"] == .string(stage))
            #expect(statement["predicate"]?["aibomgen_evidence"]?["job"] == .string(id))
            let verdict = try await daemon.verify(fetched.path("artifacts"))
            #expect(verdict.status == 0, "\(verdict)")
        }

        private func start(_ attack: String, on daemon: Daemon) async throws -> String {
            let job = try await daemon.submit(try Submission.hostile(attack, in: folder))
            try #require(job.result.status == 0, "\(job)")
            try await waitUntilItRuns(job.id, 1, on: daemon)
            return job.id
        }

        /// Until the job's own words are in its log: then its whole tree runs.
        private func waitUntilItRuns(_ id: String, _ attempt: Int64, on daemon: Daemon) async throws {
            let runs = try await eventually(within: .seconds(20)) {
                let job = try await daemon.job(id)
                guard job["state"] == "running", job["attempt"] == .integer(attempt) else { return false }
                return try await daemon.aibom("logs", id).text == "waiting\n"
            }
            try #require(runs, "\(daemon.log)")
        }

        private func killAndExpectNothing(_ daemon: Daemon) async throws {
            let remains = Host.descendants(of: try #require(await daemon.pid))
            // The detector sees what it is to miss later: the signer, the trainer and what that forked; an image's device.
            try #require(remains.filter { $0.name == "trainer" }.count == 2, "\(remains)")
            try #require(remains.contains { $0.name == "aibom-signer" })
            let image = daemon.cache + "/hostile/current/rootfs.squashfs"
            let others = Host.loopImages(below: daemon.cache).filter { $0.hasPrefix(image) }.count - 1
            try #require(others >= 0)
            await daemon.kill()
            let isGone = try await eventually(within: .seconds(1)) {
                Host.living(remains).isEmpty
                    && Host.loopImages(below: daemon.cache).filter { $0.hasPrefix(image) }.count == others
            }
            #expect(isGone, "\(Host.living(remains)) \(Host.loopImages(below: daemon.cache))")
            #expect(!Host.mountPoints(seenBy: getpid()).contains { $0.hasPrefix(daemon.home.path) })
        }

        private func artifacts(of id: String, on daemon: Daemon) async throws -> [String] {
            let list = try await daemon.aibom("artifacts", id, "--json").json["artifacts"]?.arrayValue ?? []
            return list.compactMap { $0["name"]?.stringValue }.sorted()
        }
    }
}
