import Foundation
import JSON
import Testing

extension EndToEnd {
    /// A real training by somebody who answered every question of the form.
    @Suite("the AIBoM of a real job")
    struct FullBill {
        let folder: Folder
        let daemon: Daemon

        init() throws {
            folder = try Folder()
            daemon = try EndToEnd.daemon
        }

        private static let words = [
            "learning_approach": "supervised", "autonomy": "no", "personal_data": "no", "safety_risk": "low",
            "license_name": "Apache-2.0", "dataset_license": "CC-BY-4.0", "website": "https://wine.example/",
            "vcs": "https://git.example/wine", "documentation": "https://wine.example/paper",
        ]

        /// Every question, as the interface's description has them.
        private func answers() throws -> [String] {
            let text = try Data(contentsOf: Self.root.appending(path: "openapi/openapi.json"))
            let document = try JSON.parse(Array(text), limits: .document)
            let fields = document["components"]?["schemas"]?["Metadata"]?["properties"]?.objectValue?.keys ?? []
            #expect(fields.count > 50)
            return fields.flatMap { ["--meta", "\($0)=\(Self.words[$0] ?? "an answer to \($0)")"] }
        }

        private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()

        @Test("has what others ask for, stays small, and exports")
        func complete() async throws {
            let sample = try await Examples.sample(in: folder)
            let job = try await daemon.submit(sample, ["--wait", "--param", "epochs=5"] + answers())
            try #require(job.result.status == 0, "\(job)\n\(daemon.log)")
            let fetched = try await daemon.fetch(job.id)
            let file = fetched.path("artifacts/aibom.json")
            let bytes = try fetched.read("artifacts/aibom.json")
            #expect(bytes.count < 150_000, "\(bytes.count)")
            try await CycloneDX.expectValid(file)
            for (profile, least) in [
                ("owasp", 95), ("g7", 94), ("ntia", 100), ("annex-xii", 100), ("annex-xi", 94), ("annex-iv", 74),
            ] {
                let coverage = try await daemon.aibom("coverage", file, "--profile", profile, "--min", "\(least)")
                #expect(coverage.status == 0, "\(coverage)")
            }
            for format in ["spdx3", "html", "md", "annex"] {
                #expect(try await daemon.aibom("export", file, "--format", format).status == 0)
            }
            try checkStatistics(try JSON.parse(bytes, limits: .document), sample)
        }

        @Test("has what a search for vulnerabilities found, if it was of this environment")
        func scanned() async throws {
            let scan = "\(daemon.cache)/keras/current/scan.json"
            defer { try? FileManager.default.removeItem(atPath: scan) }
            try folder.write(
                #"""
                {"id":"GHSA-x","aliases":["CVE-1"],"modified":"2026-11-01T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"keras"},
                "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"99"}]}]}]}
                """#, as: "x.json")
            let made = try await Command.run(
                Built.aibom, ["rootfs", "scan", "keras", "--osv", folder.path],
                environment: Command.path.merging(["AIBOM_ROOTFS_CACHE": daemon.cache]) { $1 })
            #expect(made.status == 0, "\(made)")
            let document = try await trained()
            let found = document["vulnerabilities"]?.arrayValue ?? []
            #expect(found.map { $0["id"] } == ["GHSA-x"])
            let reference = try #require(found.first?["affects"]?.arrayValue?.first?["ref"])
            let packages = document["components"]?.arrayValue?.first { $0["bom-ref"] == "rootfs" }?["components"]
            #expect(packages?.arrayValue?.contains { $0["bom-ref"] == reference && $0["name"] == "keras" } == true)

            // One of another inventory is none.
            let text = try String(contentsOfFile: scan, encoding: .utf8)
            let other = text.replacing(#/"inventory_sha256": "[0-9a-f]/#, with: #""inventory_sha256": "x"#)
            try other.write(toFile: scan, atomically: false, encoding: .utf8)
            #expect(try await trained()["vulnerabilities"] == nil)
        }

        /// The AIBoM of a training of one epoch.
        private func trained() async throws -> JSON {
            let job = try await daemon.train(try await Examples.sample(in: folder), "--param", "epochs=1")
            try #require(job.result.status == 0, "\(job)\n\(daemon.log)")
            let fetched = try await daemon.fetch(job.id)
            try await CycloneDX.expectValid(fetched.path("artifacts/aibom.json"))
            return try JSON.parse(try fetched.read("artifacts/aibom.json"), limits: .document)
        }

        /// The job's own count against that of the file.
        private func checkStatistics(_ document: JSON, _ sample: Submission) throws {
            let lines = try String(contentsOfFile: sample.dataset, encoding: .utf8).split(separator: "\n").count - 1
            let data = document["components"]?.arrayValue?.first { $0["bom-ref"] == "input-dataset" }
            let properties = data?["data"]?.arrayValue?.first?["contents"]?["properties"]?.arrayValue ?? []
            func value(_ name: String) -> String? {
                properties.first { $0["name"] == .string("aibomgen:reported:dataset.\(name)") }?["value"]?.stringValue
            }
            #expect(value("rows") == "\(lines)")
            let parts = ["split.training_rows", "split.validation_rows"].compactMap { value($0).flatMap { Int($0) } }
            #expect(parts.count == 2 && parts.reduce(0, +) == lines)
            #expect(value("columns[0]")?.contains(#""mean":"#) == true)
            #expect(value("class_balance[0]")?.contains(#""training":"#) == true)
            let run = document["metadata"]?["properties"]?.arrayValue ?? []
            #expect(!run.contains { $0["name"] == "aibomgen:computed:report.refused" })
        }
    }
}
