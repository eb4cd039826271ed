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

    @Test("every property says who stands behind it", arguments: Fixtures.names)
    func trust(_ name: String) throws {
        let names = properties(in: try document(name)).map(\.name)
        #expect(names.count > 30)
        for name in names where name != "aibomgen:trust" {
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
                == [["type": "loss", "value": "0.125"], ["type": "accuracy", "value": "0.97"]])
    }

    @Test("a failed job has a record and no model")
    func failed() throws {
        let document = try document("failed")
        #expect(document["metadata"]?["component"]?["type"] == "data")
        #expect(document["components"]?.arrayValue?.contains { $0["bom-ref"] == "trained-model" } == false)
        let claims = try AIBoM.read(try AIBoM.document(Fixtures.failed()))
        #expect(!claims.isCompleted)
        #expect(claims.artifacts.map(\.name) == ["logs.txt"])
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
        facts.reported = JSONObject()
        for index in 0..<1500 { facts.reported["k\(index)"] = 1 }
        facts.reported["long"] = .string(String(repeating: "x", count: 3000))
        facts.reported[String(repeating: "k", count: 300)] = 1
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

    /// Every property of the document, at any depth.
    private func properties(in value: JSON) -> [(name: String, value: String?)] {
        switch value {
        case .array(let elements): elements.flatMap(properties)
        case .object(let object):
            object.members.flatMap { member in
                member.key == "properties"
                    ? (member.value.arrayValue ?? []).map { ($0["name"]?.stringValue ?? "", $0["value"]?.stringValue) }
                    : properties(in: member.value)
            }
        default: []
        }
    }
}
