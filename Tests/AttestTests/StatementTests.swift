import Attest
import Foundation
import JSON
import Testing

@Suite("statements")
struct StatementTests {
    private static let billDigest = Fixtures.digest("b")

    private func statements(_ facts: JobFacts) throws -> [Statement] {
        let bill = try AIBoM.document(facts)
        return try Statements.payloads(of: facts, bill: bill, billDigest: Self.billDigest).map(Statement.read)
    }

    @Test("same facts, same bytes: the golden statements", arguments: Fixtures.names)
    func golden(_ name: String) throws {
        var facts = try Fixtures.facts(name)
        if name == "sparse" { facts.platform = .init(name: "platform.json", sha256: Fixtures.digest("4"), size: 1) }
        let bill = try AIBoM.document(facts)
        let payloads = try Statements.payloads(of: facts, bill: bill, billDigest: Self.billDigest)
        #expect(payloads == (try Statements.payloads(of: facts, bill: bill, billDigest: Self.billDigest)))
        // The AIBoM's own is its golden document once more.
        let others = try payloads.filter { try Statement.read($0).kind != .bill }
        let lines = others.flatMap { payload -> [UInt8] in payload + [0x0a] }
        try Vectors.writeStatements(lines, name)
        #expect(lines == (try Vectors.file("statements/\(name).jsonl")))
        for payload in payloads { #expect(try Statement.read(payload).payload == payload) }
    }

    @Test("which statements there are, in which order")
    func order() throws {
        #expect(try statements(Fixtures.completed()).map(\.kind) == [.provenance, .bill, .trace, .confinement])
        #expect(try statements(Fixtures.failed()).map(\.kind) == [.bill, .trace, .confinement, .failure])
    }

    @Test(
        "all are about the same files, and name the same job, AIBoM and platform", arguments: ["completed", "failed"])
    func links(_ name: String) throws {
        let facts = try Fixtures.facts(name)
        for statement in try statements(facts) {
            #expect(statement.subjects.map(\.name) == facts.outputs.map(\.file.name))
            #expect(statement.subjects.map(\.sha256) == facts.outputs.map(\.file.sha256))
            let links = try statement.links()
            #expect(links.job == facts.job)
            #expect(links.bill == (statement.kind == .bill ? nil : Self.billDigest))
            #expect(links.platform == facts.platform?.sha256)
        }
    }

    @Test("the AIBoM's statement is the AIBoM")
    func bill() throws {
        let facts = try Fixtures.completed()
        let bill = try AIBoM.document(facts)
        let statement = try #require(try statements(facts).first { $0.kind == .bill })
        #expect(statement.predicate == (try JSON.parse(bill, limits: .document)))
        #expect(throws: AttestError.self) {
            var other = facts
            other.job = "0198f3c2-7b1e-7c3a-9f00-000000000000"
            _ = try Statements.payloads(of: other, bill: bill, billDigest: Self.billDigest)
        }
    }

    @Test("nothing is claimed of the confinement of a job that was never in it")
    func notExecuted() throws {
        var facts = try Fixtures.failed()
        facts.started = nil
        let confinement = try #require(try statements(facts).first { $0.kind == .confinement })
        #expect(confinement.predicate["attributes"] == [["attribute": "not-executed"]])
        let failure = try #require(try statements(facts).first { $0.kind == .failure })
        #expect(failure.predicate["stage"] == "confine")
        let trace = try #require(try statements(facts).first { $0.kind == .trace })
        #expect(trace.predicate["monitorLog"] == ["process": [["event": "not-started"]]])
    }

    @Test("a measure that is not there is claimed by nobody")
    func missingMeasure() throws {
        let attributes = try statements(Fixtures.completed()).first { $0.kind == .confinement }?
            .predicate["attributes"]?.arrayValue
        #expect(attributes?.map { $0["attribute"] } == ["no-network", "seccomp-enforced"])
        #expect(attributes?[1]["evidence"]?["digest"]?["sha256"] == .string(Fixtures.digest("7")))
    }

    @Test("what a submitter names can't be taken for another member")
    func twins() throws {
        var facts = try Fixtures.completed()
        facts.parameters.append(facts.parameters[0])
        #expect(throws: AttestError.fact("parameters", reason: "\"epochs\" is there twice")) { try statements(facts) }
        facts = try Fixtures.completed()
        facts.declared.append(.init(key: "team", value: "other"))
        #expect(throws: AttestError.fact("declared", reason: "\"team\" is there twice")) { try statements(facts) }
    }

    @Test("nothing that a job reports is in a statement but the AIBoM's")
    func reported() throws {
        var facts = try Fixtures.completed()
        let silent = try statements(facts).filter { $0.kind != .bill }
        facts.reported.run["framework"] = "forged"
        facts.reported.run["metrics"] = ["loss": 0]
        facts.reported.dataset["rows"] = 7
        facts.reported.model["class"] = "Forged"
        let loud = try statements(facts)
        #expect(loud.filter { $0.kind != .bill } == silent)
        #expect(loud.contains { String(decoding: $0.payload, as: UTF8.self).contains("forged") })
    }

    @Test("every field of a request stands among the external parameters")
    func external() throws {
        let facts = try Fixtures.completed()
        let external = try #require(
            try statements(facts)[0].predicate["buildDefinition"]?["externalParameters"]?.objectValue)
        // As the interface takes them (docs/formats.md, "Requests"), and the header that comes with them.
        let fields = [
            "rootfs", "policy", "inputs", "parameters", "metadata", "resources", "priority", "max_attempts",
            "traceparent",
        ]
        #expect(external.keys == fields)
        #expect(external["inputs"]?.objectValue?.count == facts.inputs.count)
        #expect(external["parameters"] == ["epochs": 3])
        #expect(external["metadata"]?.objectValue?.count == facts.declared.count)
    }

    @Test("all that a job can read is a dependency, by digest")
    func dependencies() throws {
        let facts = try Fixtures.completed()
        let resources = try statements(facts)[0].predicate["buildDefinition"]?["resolvedDependencies"]?.arrayValue ?? []
        let digests = resources.compactMap { $0["digest"]?["sha256"]?.stringValue }
        #expect(digests.count == resources.count)
        #expect(
            digests == facts.inputs.map(\.file.sha256)
                + [facts.rootfs.image.sha256, facts.rootfs.recipe, facts.rootfs.inventory])
    }

    @Test("a job that never ran has one record, about what it was given", arguments: JobFacts.Stage.allCases)
    func neverRan(_ stage: JobFacts.Stage) throws {
        let facts = try Fixtures.neverRan(stage)
        let payload = try Statements.failure(of: facts)
        let statement = try Statement.read(payload)
        #expect(statement.kind == .failure)
        #expect(statement.subjects.map(\.name) == ["input-model", "input-dataset", "input-definition"])
        #expect(statement.predicate["stage"] == .string(stage.rawValue))
        #expect(statement.predicate["reason"] == "out of attempts")
        #expect(
            try statement.links()
                == EvidenceLinks(job: facts.job, bill: nil, platform: Fixtures.digest("4")))
        var bare = facts
        bare.inputs = []
        #expect(try Statement.read(Statements.failure(of: bare)).subjects.map(\.name) == ["platform.json"])
    }

    @Test("refuses facts of which no statement can be made")
    func refusals() throws {
        let changes: [(inout JobFacts.NeverRan) -> Void] = [
            { $0.job = "x" }, { $0.finished = "now" }, { $0.submitted = "" }, { $0.inputs.append($0.inputs[0]) },
            { $0.inputs[0].file.sha256 = "x" }, { $0.platform.sha256 = "" }, { $0.platform.name = "p" },
            { $0.inputs[0].file.size = -1 },
        ]
        for change in changes {
            var facts = try Fixtures.neverRan(.queue)
            change(&facts)
            #expect(throws: AttestError.self) { try Statements.failure(of: facts) }
        }
        let facts = try Fixtures.completed()
        let bill = try AIBoM.document(facts)
        #expect(throws: AttestError.self) { try Statements.payloads(of: facts, bill: bill, billDigest: "x") }
        var sparse = try Fixtures.sparse()
        sparse.inputs = []
        #expect(throws: AttestError.fact("outputs", reason: "nothing to make a statement about")) {
            try statements(sparse)
        }
    }

    private static let sound = """
        {"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"\(Fixtures.digest("1"))"}}],\
        "predicateType":"https://slsa.dev/provenance/v1","predicate":{}}
        """

    @Test(
        "refuses what is no statement of ours, and says what it is",
        arguments: [
            (#"Statement/v1","#, #"Statement/v0.1","#, "value _type"),
            (#"{"_type""#, #"{"extra":1,"_type""#, "unknown extra"),
            (#"{"_type""#, #"{"_type":"x","_type""#, "twice"),
            ("provenance/v1", "provenance/v2", "value predicateType"),
            (#""predicate":{}"#, #""predicate":[]"#, "mistyped predicate"),
            (#","predicate":{}"#, "", "missing predicate"),
            (#"{"name":"a""#, #"{"uri":"x","name":"a""#, "unknown subject[0].uri"),
            (#""name":"a""#, #""name":"""#, "empty subject[0].name"),
            (#"{"sha256""#, #"{"sha1":"x","sha256""#, "unknown subject[0].digest.sha1"),
            (#""sha256":"1"#, #""sha256":"A"#, "value subject[0].digest.sha256"),
            (#""sha256":"1"#, #""sha256":""#, "value subject[0].digest.sha256"),
            (
                #"[{"name""#, #"[{"name":"a","digest":{"sha256":"\#(Fixtures.digest("2"))"}},{"name""#,
                "twice subject \"a\""
            ),
            (#"{}}"#, #"{}} "#, "surrounded"),
        ])
    func refusals(part: String, replacement: String, reason: String) throws {
        _ = try Statement.read(Array(Self.sound.utf8))
        let changed = Self.sound.replacing(part, with: replacement)
        try #require(changed != Self.sound)
        do {
            _ = try Statement.read(Array(changed.utf8))
            Issue.record("was read")
        } catch AttestError.statement(let fault) { #expect(EnvelopeTests.short(fault) == reason) }
    }

    @Test("a statement without a subject is about nothing")
    func noSubject() {
        let start = Self.sound.range(of: "[{")?.lowerBound ?? Self.sound.startIndex
        let end = Self.sound.range(of: "}]")?.upperBound ?? Self.sound.endIndex
        let changed = Self.sound.replacingCharacters(in: start..<end, with: "[]")
        #expect(throws: AttestError.statement(.empty("subject"))) { try Statement.read(Array(changed.utf8)) }
    }
}

extension Vectors {
    static func writeStatements(_ bytes: [UInt8], _ name: String) throws {
        guard ProcessInfo.processInfo.environment["AIBOM_WRITE_VECTORS"] == "1" else { return }
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Vectors/statements/\(name).jsonl")
        try Data(bytes).write(to: url)
    }
}
