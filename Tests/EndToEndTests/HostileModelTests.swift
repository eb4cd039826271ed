import Foundation
import JSON
import Testing

extension EndToEnd {
    /// Real malicious models, loaded with every check of the loader off: their code runs, and gains nothing.
    @Suite("a hostile model", .withHostileModels)
    struct HostileModel {
        let daemon: Daemon
        let models: HostileModels

        init() throws {
            daemon = try EndToEnd.daemon
            models = try #require(EndToEnd.models)
        }

        /// Loading runs code: bytecode of a Lambda in both formats (CVE-2024-3660), functions named by the configuration
        /// (CVE-2025-1550), and pickles.
        static let attackers = [
            "lambda.keras", "lambda.h5", "called.keras", "reduce.pkl", "reduce.joblib", "reduce.npy",
        ]

        @Test("runs its code under strict, and each of its attempts is refused in its own way", arguments: attackers)
        func attacks(_ model: String) async throws {
            let before = try models.snapshot()
            let run = try await CarelessRun(of: model, among: models)
            try #require(run.result.status == 0, "\(run.result)")
            try expectAttack(by: model, run.report, inputIsWritable: true)
            #expect(run.result.err.contains("\(model): \(HostileModels.marker) ran"), "\(run.result)")
            #expect(run.processes >= 2, "the host sees the model's daemon while it lives")
            // The shell that the configuration asked for would have left a file; a setuid bit is not copied.
            #expect(
                files(below: run.out.path("out")) == [
                    "answers.json", "hostile", "metrics.json", "program", "setuid", "survivor", "trained_model.keras",
                ])
            let copy = try FileManager.default.attributesOfItem(atPath: run.out.path("out/setuid"))
            #expect(copy[.posixPermissions] as? Int == 0o644)
            try expectNothing(of: run, since: before)
        }

        @Test(
            "that is only data reaches no file outside, where it is unpacked and read by whoever trusts it",
            arguments: ["traversal.keras", "absolute.keras", "link.keras", "bomb.keras", "outside.h5"])
        func tricks(_ model: String) async throws {
            let before = try models.snapshot()
            let run = try await CarelessRun(of: model, among: models)
            try #require(run.result.status == 0, "\(run.result)")
            #expect(try run.report["answers"]?.answers == ModelAnswers.tricks(models.canary)[model])
            try expectNothing(of: run, since: before)
        }

        @Test("would be seen: a process of the host that makes the same connections reaches all three services")
        func control() async throws {
            _ = models.services.visitors()
            let reached = try await models.reachFromHost()
            #expect(
                reached == [
                    "connect to a service on 127.0.0.1": "done", "connect to a service on an abstract socket": "done",
                    "connect to the supervisor's socket": "done",
                ])
            #expect(models.services.visitors() == .init(loopback: 1, abstract: 1))
        }

        @Test("that took over its trainer gains nothing: each digest is still right", arguments: attackers)
        func service(_ model: String) async throws {
            let keys = try Snapshot("\(daemon.state)/keys", models.path(model))
            var submission = Examples.seed
            submission.rootfs = "careless"
            submission.model = models.path(model)
            // The rootfs is mounted with its first job and stays.
            if model == Self.attackers.first { _ = try await daemon.train(submission) }
            // An upload of what is there already sets its time, which keeps it from being swept.
            let stored = try Snapshot("\(daemon.state)/blobs", withTimes: false)
            try await daemon.leavesNothing {
                let job = try await daemon.train(submission)
                try #require(job.result.status == 0, "\(job)\n\(daemon.log.suffix(2000))")
                let fetched = try await daemon.fetch(job.id)
                let artifacts = fetched.path("artifacts")
                let report = try JSON.parse(fetched.read("artifacts/metrics.json"), limits: .document)
                try expectAttack(by: model, report, inputIsWritable: false)
                let verdict = try await daemon.aibom(
                    "verify", artifacts, "--key", daemon.key, "--input", submission.model, "--input",
                    submission.dataset, "--input", submission.definition)
                #expect(verdict.status == 0, "\(verdict)")
                let lines = verdict.text.split(separator: "\n")
                #expect(
                    lines.contains { $0.hasPrefix("ok ") && $0.contains(" input ") && $0.contains(submission.model) })
            }
            #expect(Host.careless().isEmpty)
            #expect(models.services.visitors() == .init())
            #expect(try Snapshot("\(daemon.state)/keys", models.path(model)).changed(since: keys).isEmpty)
            // New blobs are made; none that was there is touched but a folder, which takes the new ones.
            let touched = try Snapshot("\(daemon.state)/blobs", withTimes: false).changed(since: stored)
            #expect(touched.filter { $0.suffix(64).allSatisfy(\.isHexDigit) }.isEmpty, "\(touched)")
        }

        /// All of the attack ran, and each attempt got its answer, no more and no other.
        private func expectAttack(by model: String, _ report: JSON, inputIsWritable: Bool) throws {
            #expect(report["model"]?.stringValue == model)
            #expect(report["marker"]?.stringValue == HostileModels.marker)
            let answers = try #require(report["answers"]?.answers)
            let expected = ModelAnswers.expected(inputIsWritable: inputIsWritable)
            for name in Set(answers.keys).union(expected.keys).sorted() {
                #expect(answers[name] == expected[name], "\(model): \(name)")
            }
        }

        /// Nothing of the host is another than before, nobody was reached, nobody is left.
        private func expectNothing(of run: CarelessRun, since before: Snapshot) throws {
            #expect(run.isInputUnchanged)
            #expect(try !run.tellsSecret)
            #expect(Host.careless().isEmpty)
            #expect(models.services.visitors() == .init())
            let after = try models.snapshot()
            #expect(after.changed(since: before).isEmpty && after.added(since: before).isEmpty)
            for folder in ["", "/in", "/etc", "/usr/bin", "/dev", "/run", "/opt/aibom", "/sys", "/tmp"] {
                #expect(!FileManager.default.fileExists(atPath: "\(folder)/hostile"))
            }
            for name in ["-climbed", "-server", ".so", "-code", "-program", "-loaded"] {
                #expect(!FileManager.default.fileExists(atPath: "/tmp/hostile\(name)"))
            }
        }
    }
}
