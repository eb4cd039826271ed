import Attest
import JSON
import Testing

@Suite("AIBoM")
struct DocumentTests {
    private func document(_ name: String) throws -> JSON {
        try JSON.parse(try AIBoM.document(Fixtures.facts(name)), limits: .document)
    }

    @Test("same facts, same bytes: the golden documents", arguments: Fixtures.names)
    func golden(_ name: String) throws {
        let bytes = try AIBoM.document(Fixtures.facts(name))
        try Vectors.writeIfAsked(bytes, name)
        #expect(bytes == (try AIBoM.document(Fixtures.facts(name))))
        #expect(bytes == (try Vectors.bytes(name)))
    }

    @Test("says nothing instead of null", arguments: Fixtures.names)
    func noNull(_ name: String) throws {
        let text = String(decoding: try AIBoM.document(Fixtures.facts(name)), as: UTF8.self)
        #expect(!text.contains(": null"))
    }

    @Test(
        "hostile texts survive as data, wherever the submitter may write",
        arguments: [
            "\u{0}\u{1}\u{1b}[2J\u{7f}", "\u{202e}\u{2066}\u{200b}", #"{"bom-ref":"subject","x":[1,{"y":"\\""}]}"#,
            "<script>alert(1)</script>", "e\u{301} \u{e9}", "\",\"value\":\"forged",
            String(repeating: "x", count: 1 << 20),
        ])
    func hostile(_ text: String) throws {
        let keys = ["intended_use", "license_name", "website", "dataset_owner", "task"]
        for key in keys.prefix(text.utf8.count > 1000 ? 1 : keys.count) {
            var facts = try Fixtures.completed()
            facts.declared = [.init(key: key, value: text)]
            facts.inputs[1].file.name = String(text.prefix(200))
            let document = try JSON.parse(try AIBoM.document(facts), limits: .document)
            let found = properties(in: document).filter { $0.name == "aibomgen:declared:\(key)" }
            #expect(!found.isEmpty && found.allSatisfy { $0.value?.utf8.elementsEqual(text.utf8) == true })
            #expect(document["components"]?.arrayValue?.count { $0["bom-ref"] == "trained-model" } == 1)
            _ = try AIBoM.read(try AIBoM.document(facts))
        }
    }

    /// As many packages and as wide a table as an ordinary job has.
    @Test("a tabular job of five epochs stays under 150 kB with every package")
    func size() throws {
        var facts = try Fixtures.completed()
        let package: JSON = [
            "source": "debian", "name": "libpython3.11-minimal", "version": "3.11.2-6+deb12u9",
            "purl": "pkg:deb/debian/libpython3.11-minimal@3.11.2-6%2Bdeb12u9?arch=amd64&distro=bookworm",
            "licenses": ["GPL-2.0-only", "PSF-2.0"], "sha256": .string(Fixtures.digest("5")),
            "filename": "libpython3.11-minimal_3.11.2-6+deb12u9_amd64.deb",
        ]
        facts.rootfs.components = .array(Array(repeating: package, count: 33))
        let column = try #require(facts.reported.dataset["columns"]?.arrayValue?.first)
        facts.reported.dataset["columns"] = .array(Array(repeating: column, count: 14))
        let layer = try #require(facts.reported.model["layers"]?.arrayValue?.first)
        facts.reported.model["layers"] = .array(Array(repeating: layer, count: 6))
        facts.reported.run["metrics"] = ["loss": 0, "accuracy": 1, "val_loss": 2, "val_accuracy": 3]
        let bytes = try AIBoM.document(facts)
        #expect(bytes.count < 150_000, "\(bytes.count)")
        #expect(bytes.count > 75_000)
    }

    @Test("the same in 1.7, with citations")
    func seventeen() throws {
        let bytes = try AIBoM.document(Fixtures.completed(), as: .v17)
        try Vectors.writeIfAsked(bytes, "completed-1.7")
        #expect(bytes == (try Vectors.bytes("completed-1.7")))
        let document = try JSON.parse(bytes, limits: .document)
        #expect(document["specVersion"] == "1.7" && document["citations"]?.arrayValue?.count == 4)
        _ = try AIBoM.read(bytes)
    }

    @Test("every property says who stands behind it", arguments: Fixtures.names)
    func trust(_ name: String) throws {
        let names = properties(in: try document(name)).map(\.name)
        #expect(names.count > 30)
        for name in names where !["aibomgen:trust", "aibomgen:evidence"].contains(name) && !name.hasPrefix("spdx:") {
            let parts = name.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            #expect(parts.count == 3 && parts[0] == "aibomgen" && Trust(rawValue: String(parts[1])) != nil, "\(name)")
        }
    }

    @Test("what is not known has a name and no value; nothing stands in for it", arguments: Fixtures.names)
    func unknown(_ name: String) throws {
        for property in properties(in: try document(name)) {
            let isSilent = property.name.hasPrefix("aibomgen:unknown:") || property.name.hasPrefix("aibomgen:withheld:")
            #expect(isSilent == (property.value == nil), "\(property.name)")
            #expect(property.value != "Unknown")
        }
        let sparse = properties(in: try document("sparse")).map(\.name)
        for fact in ["job.started", "tape.sha256", "cpu.model", "usage.wall.ms", "exit.status", "executable.sha256"] {
            #expect(sparse.contains("aibomgen:unknown:\(fact)"))
        }
    }

    @Test("the model stands in metadata.component and in components[0], alike but for the reference")
    func model() throws {
        let document = try document("completed")
        var subject = try #require(document["metadata"]?["component"]?.objectValue)
        var component = try #require(document["components"]?.arrayValue?.first?.objectValue)
        #expect(subject["bom-ref"] != component["bom-ref"])
        subject["bom-ref"] = nil
        component["bom-ref"] = "x"
        subject["bom-ref"] = "x"
        #expect(subject == component)
        #expect(component["type"] == "machine-learning-model")
        #expect(
            component["modelCard"]?["quantitativeAnalysis"]?["performanceMetrics"]
                == [
                    ["type": "loss", "value": "0.125", "slice": .string(Self.slice("training"))],
                    ["type": "accuracy", "value": "0.97", "slice": .string(Self.slice("training"))],
                    ["type": "val_accuracy", "value": "0.96", "slice": .string(Self.slice("validation"))],
                ])
    }

    private static func slice(_ rows: String) -> String {
        "\(rows) rows, as reported by the job: not measured from outside"
    }

    @Test("a failed job has a record and no model")
    func failed() throws {
        let document = try document("failed")
        #expect(document["metadata"]?["component"]?["type"] == "data")
        #expect(document["components"]?.arrayValue?.contains { $0["bom-ref"] == "trained-model" } == false)
        let claims = try AIBoM.read(try AIBoM.document(Fixtures.failed()))
        #expect(!claims.isCompleted)
        #expect(claims.artifacts.map(\.name) == ["logs.txt", "platform.json"])
    }

    @Test("a job's report cannot state an observed fact")
    func forgery() throws {
        let ids = properties(in: try document("hostile")).filter { $0.name == "aibomgen:observed:job.id" }
        #expect(ids.map(\.value) == ["0198f3c2-7b1e-7c3a-9f00-0123456789ab"])
        #expect(
            properties(in: try document("hostile")).contains {
                $0.name == "aibomgen:reported:aibomgen:observed:job.id" && $0.value == "forged"
            })
    }

    @Test("a report that is too much is cut, and the cut is counted")
    func flood() throws {
        var facts = try Fixtures.completed()
        facts.reported = .init()
        for index in 0..<1500 { facts.reported.run["k\(index)"] = 1 }
        facts.reported.run["long"] = .string(String(repeating: "x", count: 3000))
        facts.reported.run[String(repeating: "k", count: 300)] = 1
        let document = try JSON.parse(try AIBoM.document(facts), limits: .document)
        let omitted = properties(in: document).filter { $0.name == "aibomgen:computed:reported.omitted" }
        #expect(omitted.map(\.value) == ["502", "502"])
    }

    @Test("facts of which no valid document can be made are refused")
    func refusals() throws {
        let changes: [(inout JobFacts) -> Void] = [
            { $0.job = "0198f3c2-7b1e-4c3a-9f00-0123456789ab" }, { $0.job = $0.job.uppercased() },
            { $0.finished = "2026-11-23 05:43:00" }, { $0.started = "now" }, { $0.attempt = 0 },
            { $0.keyID = "" }, { $0.policy.digest = "x" }, { $0.tape = "x" }, { $0.supervisor.signer = "x" },
            { $0.outputs.removeAll() }, { $0.outputs.append($0.outputs[0]) }, { $0.inputs.append($0.inputs[0]) },
            { $0.outputs[1].file.name = $0.outputs[0].file.name }, { $0.outputs[0].file.name = "a/b" },
            { $0.outputs[0].file.sha256 = "x" }, { $0.inputs[0].file.size = -1 }, { $0.inputs[0].file.name = "" },
            { $0.declared.append(.init(key: "team", value: String(repeating: "x", count: 9 << 20))) },
            { $0.outcome = .failed(reason: "but there is a model") },
        ]
        for (index, change) in changes.enumerated() {
            var facts = try Fixtures.completed()
            change(&facts)
            #expect(throws: AttestError.self, "change \(index)") { try AIBoM.document(facts) }
        }
    }
}
