import Foundation
import JSON
import Testing

extension EndToEnd {
    /// What the audit log of a real daemon says, and that it says it whatever kills the daemon.
    @Suite("the audit log")
    struct Audit {
        let folder: Folder
        let job: Submission

        init() throws {
            folder = try Folder()
            job = try Submission.hostile("obey", in: folder)
        }

        @Test("has a job's whole life, who read its evidence, and who was refused")
        func life() async throws {
            let daemon = try EndToEnd.daemon
            let trained = try await daemon.train(job)
            try #require(trained.result.status == 0, "\(trained)\n\(daemon.log)")
            let fetched = try await daemon.fetch(trained.id)
            let log = try await daemon.logKey()
            let verdict = try await daemon.aibom(
                "verify", fetched.path("artifacts"), "--key", daemon.key, "--log-key", log)
            #expect(verdict.status == 0, "\(verdict)")
            let entries = try await daemon.entries("--job", trained.id)
            let moves = entries.filter { $0["event"] != "evidence.read" }.map(Self.name)
            #expect(
                moves == [
                    "job.submitted", "received→queued", "queued→staging", "staging→running", "running→sealing",
                    "job.sealed",
                    "sealing→completed",
                ])
            let read = Set(
                entries.filter { $0["event"] == "evidence.read" }.compactMap { $0["detail"]?["artifact"]?.stringValue })
            #expect(read == Set(files(below: fetched.path("artifacts"))))
            #expect(entries.allSatisfy { $0["owner"] == "uid:0" })

            let refused = try await daemon.ask(
                "/v1/jobs", "-H", "content-type: application/json", "-d",
                #"{"rootfs":"none","policy":"strict","inputs":{}}"#)
            #expect(refused.status == 422, "\(refused)")
            let last = try await daemon.entries("--event", "job.refused").last
            #expect(last?["detail"]?["status"] == 422 && last?["actor"] == "uid:0", "\(String(describing: last))")
            let starts = try await daemon.entries("--event", "supervisor", "--event", "key", "--event", "policy")
            #expect(starts.first?["detail"]?["previous"] == "none")
            #expect(starts.count { $0["event"] == "key.changed" } == 2)
            #expect(starts.count { $0["event"] == "policy.changed" } == 3)
            let checked = try await daemon.aibom("audit", "verify", "--log-key", log)
            #expect(checked.status == 0, "\(checked)")
        }

        @Test("can be audited as the page says, with openssl, sha256sum and curl")
        func page() async throws {
            let daemon = try EndToEnd.daemon
            let trained = try await daemon.train(job)
            try #require(trained.result.status == 0, "\(trained)\n\(daemon.log)")
            let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("docs/auditing.md")
            let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```sh\n").dropFirst()
                .map { $0.components(separatedBy: "\n```")[0] }
            #expect(blocks.count >= 9)
            let script = "set -euo pipefail\ncd '\(folder.path)'\n" + blocks.joined(separator: "\n")
            var environment = Command.path
            environment["PATH"] = "\(Built.folder):\(environment["PATH"] ?? "")"
            environment["AIBOM_SOCKET"] = daemon.socket
            environment["JOB"] = trained.id
            let run = try await Command.run(
                "bash", [try folder.write(script, as: "walk.sh")], environment: environment)
            #expect(run.status == 0, "\(run)")
            for line in [
                "Verified OK", "Signature Verified Successfully", "the entry stands in the log",
                "evidence/trained_model.keras is what the AIBoM says", "evidence/metrics.json is what the AIBoM says",
                "evidence/logs.txt is what the AIBoM says",
            ] { #expect(run.text.contains(line), "\(line): \(run)") }
            #expect(
                try await daemon.entries("--event", "log.reviewed").last?["detail"]?["finding"] == "nothing unusual")
        }

        @Test(
            "has every move once, whenever the supervisor is killed",
            arguments: ["moves-logged", "moves-logged:3", "seal-logged", "signed", "job-accepted", "job-finished"])
        func killed(point: String) async throws {
            try await Daemon.own { daemon in
                await daemon.terminate()
                try await daemon.start(environment: ["AIBOM_CRASH_AT": point])
                // It dies in the middle; what was answered holds.
                let submitted = try await daemon.submit(job)
                let died = try await eventually(within: .seconds(30)) {
                    try await Command.run(
                        "curl", ["-fs", "-m", "2", "--unix-socket", daemon.socket, "http://localhost/healthz"]
                    ).status != 0
                }
                #expect(died)
                await daemon.kill()
                try await daemon.start()
                let id = submitted.id.isEmpty ? try await daemon.onlyJob() : submitted.id
                _ = try await daemon.job(id, in: "completed")
                await daemon.terminate()
                try await daemon.start()
                let entries = try await daemon.entries("--job", id)
                let numbers = entries.compactMap { $0["detail"]?["sequence"]?.integerValue }
                #expect(Set(numbers).count == numbers.count, "\(entries)")
                #expect(entries.count { $0["event"] == "job.submitted" } == 1)
                #expect(entries.count { $0["event"] == "job.sealed" } == 1)
                #expect(entries.count { Self.name($0) == "sealing→completed" } == 1)
                let fetched = try await daemon.fetch(id)
                let verdict = try await daemon.aibom(
                    "verify", fetched.path("artifacts"), "--key", daemon.key, "--log-key", daemon.logKey())
                #expect(verdict.status == 0, "\(verdict)")
                let checked = try await daemon.aibom("audit", "verify")
                #expect(checked.status == 0, "\(checked)")
                let starts = try await daemon.entries("--event", "supervisor.started").map { $0["detail"]?["previous"] }
                #expect(starts == ["none", "stopped", "did not stop in order", "stopped"])
            }
        }

        @Test("that went backwards keeps the supervisor from starting, and says why")
        func wentBackwards() async throws {
            try await Daemon.own { daemon in
                let copy = try Folder()
                await daemon.terminate()
                for name in ["audit", "audit.head"] {
                    try FileManager.default.copyItem(atPath: "\(daemon.state)/\(name)", toPath: copy.path(name))
                }
                try await daemon.start()
                let trained = try await daemon.train(job)
                #expect(trained.result.status == 0)
                await daemon.terminate()
                func put(_ names: [String]) throws {
                    for name in names {
                        try FileManager.default.removeItem(atPath: "\(daemon.state)/\(name)")
                        try FileManager.default.copyItem(atPath: copy.path(name), toPath: "\(daemon.state)/\(name)")
                    }
                }
                for (names, witness) in [(["audit"], "the head file"), (["audit.head"], "the job store")] {
                    try put(names)
                    let refused = try await Command.run(
                        Built.aibomd,
                        ["--state", daemon.state, "--socket", daemon.socket, "--runtime", daemon.runtime],
                        environment: Command.path.merging(["AIBOM_ROOTFS_CACHE": daemon.cache]) { $1 })
                    #expect(refused.status == 1 && refused.err.contains("\(witness) has seen"), "\(refused)")
                }
            }
        }

        private static func name(_ entry: JSON) -> String {
            guard entry["event"] == "job.state" else { return entry["event"]?.stringValue ?? "" }
            return "\(entry["detail"]?["from"]?.stringValue ?? "")→\(entry["detail"]?["to"]?.stringValue ?? "")"
        }
    }
}

extension Daemon {
    nonisolated func logKey() async throws -> String {
        let shown = try await aibom("keys", "show", "--log")
        try #require(shown.status == 0, "\(shown)")
        return shown.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The log's entries that match, all of them. A move stands in the log a moment after it is made.
    fileprivate nonisolated func entries(_ filter: String...) async throws -> [JSON] {
        try await Task.sleep(for: .milliseconds(400))
        let listed = try await Command.run(
            Built.aibom, ["audit", "list", "--json", "--limit", "0", "--socket", socket] + filter)
        try #require(listed.status == 0, "\(listed)")
        return try listed.json["entries"]?.arrayValue ?? []
    }

    fileprivate nonisolated func onlyJob() async throws -> String {
        let jobs = try await aibom("jobs", "--json").json["jobs"]?.arrayValue ?? []
        try #require(jobs.count == 1)
        return jobs[0]["job_id"]?.stringValue ?? ""
    }
}
