import Foundation
import JSON
import Testing

extension EndToEnd {
    /// A trainer that attacks its supervisor: whatever it does is its own job's affair, and nothing of it stays.
    @Suite("a hostile trainer")
    struct HostileTrainer {
        let folder: Folder
        let daemon: Daemon

        init() throws {
            folder = try Folder()
            daemon = try EndToEnd.daemon
        }

        /// What the trainer does, and how its job's problem reads: name, what, remedy.
        static let failures: [(attack: String, problem: String, detail: String, remedy: String)] = [
            ("nothing", "output-missing", "trained_model.keras is not in /out", "read logs.txt"),
            ("no-metrics", "output-missing", "metrics.json is not in /out", "read logs.txt"),
            ("symlink", "output-missing", "trained_model.keras is not in /out", "read logs.txt"),
            ("fifo", "output-missing", "trained_model.keras is not in /out", "read logs.txt"),
            ("hard-link", "output-missing", "trained_model.keras is not in /out", "read logs.txt"),
            ("folder", "output-refused", "trained_model.keras is neither a regular file", "as one regular file"),
            ("forbidden", "exit", "it exited with status 78", "read logs.txt"),
            ("large-metrics", "output-refused", "metrics.json is larger than 1048576 bytes", "at most 1048576 bytes"),
            ("refuse", "trainer-made-up", "here: the", "none"),
            ("status", "exit", "it exited with status 77", "read logs.txt"),
            ("crash", "signal", "signal 4 ended it", "read logs.txt"),
        ]

        @Test("fails with a reason, a signed record of it, and nothing left", arguments: failures)
        func fails(_ expected: (attack: String, problem: String, detail: String, remedy: String)) async throws {
            let submission = try Submission.hostile(expected.attack, in: folder)
            try await daemon.leavesNothing {
                let job = try await daemon.train(submission)
                #expect(job.result.status == 3, "\(job)")
                #expect(job.state == "failed")
                #expect(job.problem["type"]?.stringValue?.hasSuffix(expected.problem) == true, "\(job.problem)")
                #expect(job.problem["detail"]?.stringValue?.contains(expected.detail) == true, "\(job.problem)")
                #expect(job.problem["remedy"]?.stringValue?.contains(expected.remedy) == true, "\(job.problem)")
                #expect(!job.result.err.contains("\u{1b}"))
                let log = try await expectSignedFailure(of: job.id)
                // One record stands for all: the validator takes longer than the job.
                if expected.attack == "refuse" {
                    let fetched = try await daemon.fetch(job.id)
                    try await CycloneDX.expectValid(fetched.path("artifacts/aibom.json"))
                }
                // The policy lets no job make a link or a FIFO, so collection does not even meet one.
                if ["symlink", "fifo", "hard-link"].contains(expected.attack) {
                    #expect(log == "\(expected.attack): Operation not permitted\n")
                }
            }
        }

        /// Attacks that do no harm: the job completes as if they had not been.
        @Test(
            "completes, with what it said kept apart from what was seen",
            arguments: ["lies", "odd-facts", "report-lines"])
        func completes(_ attack: String) async throws {
            try await daemon.leavesNothing {
                let job = try await daemon.train(try Submission.hostile(attack, in: folder))
                try #require(job.result.status == 0, "\(job)\n\(daemon.log.suffix(2000))")
                let fetched = try await daemon.fetch(job.id)
                #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)
                try await CycloneDX.expectValid(fetched.path("artifacts/aibom.json"))
                let document = try JSON.parse(fetched.read("artifacts/aibom.json"), limits: .document)
                let run = try #require(document["metadata"]?["properties"]?.arrayValue)
                func value(_ name: String) -> String? {
                    run.first { $0["name"]?.stringValue == name }?["value"]?.stringValue
                }
                #expect(value("aibomgen:observed:job.outcome") == "completed")
                #expect(value("aibomgen:observed:exit.status") == "exited 0")
                #expect(value("aibomgen:observed:builder.id") == "urn:aibomgen:builder:strict:2")
                #expect(value("aibomgen:observed:policy.name") == "strict")
                #expect(Self.strangers(in: document).isEmpty, "\(Self.strangers(in: document))")
            }
        }

        /// The words of the attackers that stand anywhere but in a property named `aibomgen:reported:…`.
        private static func strangers(in value: JSON) -> [String] {
            let words = ["liar", "urn:evil", "666", "exited 7", "survivor"]
            switch value {
            case .array(let elements): return elements.flatMap(strangers)
            case .object(let object):
                if object["name"]?.stringValue?.hasPrefix("aibomgen:reported:") == true { return [] }
                return object.members.flatMap { words.contains($0.key) ? [$0.key] : strangers(in: $0.value) }
            case .string(let text): return words.contains(text) ? [text] : []
            default: return []
            }
        }

        @Test("can't fill memory or disk with what it prints: the log is cut and the AIBoM says so")
        func floodsLog() async throws {
            try await daemon.leavesNothing {
                let job = try await daemon.train(try Submission.hostile("log-flood", in: folder))
                try #require(job.result.status == 0, "\(job)")
                let fetched = try await daemon.fetch(job.id)
                let log = try fetched.read("artifacts/logs.txt")
                let notice = "\n[aibom: 12582912 bytes were cut out here]\n"
                #expect(log.count == 4_194_304 + notice.utf8.count)
                #expect(log.dropFirst(2_097_152).prefix(notice.utf8.count).elementsEqual(notice.utf8))
                let text = String(decoding: try fetched.read("artifacts/aibom.json"), as: UTF8.self)
                #expect(text.contains(#""aibomgen:observed:logs.truncated""#))
                let document = try JSON.parse(Array(text.utf8), limits: .document)
                let truncated = document["metadata"]?["properties"]?.arrayValue?.first {
                    $0["name"] == "aibomgen:observed:logs.truncated"
                }
                #expect(truncated?["value"] == "true")
                #expect(try await daemon.verify(fetched.path("artifacts")).status == 0)
            }
        }

        @Test("can't keep its supervisor busy with a report", arguments: ["report-flood", "epoch-flood"])
        func floodsReport(_ attack: String) async throws {
            let clock = ContinuousClock()
            try await daemon.leavesNothing {
                let before = try await memory()
                let took = try await clock.measure {
                    let job = try await daemon.train(try Submission.hostile(attack, in: folder))
                    #expect(job.result.status == 0, "\(job)")
                }
                #expect(took < .seconds(15))
                #expect(try await memory() - before < 64 << 20)
            }
        }

        private func memory() async throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(await daemon.pid ?? 0)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
            return (Int(line.split(separator: " ").dropLast().last ?? "") ?? 0) << 10
        }

        /// - Returns: the job's log.
        private func expectSignedFailure(of id: String) async throws -> String {
            let fetched = try await daemon.fetch(id)
            let artifacts = fetched.path("artifacts")
            #expect(files(below: artifacts) == EvidenceNames.failed)
            let verdict = try await daemon.verify(artifacts)
            #expect(verdict.status == 0, "\(verdict)")
            #expect(verdict.text.contains("of job \(id), failed"))
            return String(decoding: try fetched.read("artifacts/logs.txt"), as: UTF8.self)
        }
    }
}
