import Attest
import Foundation
import JSON
import Testing

/// docs/aibom.md and the code name the same properties.
@Suite("the taxonomy")
struct TaxonomyTests {
    /// Words in backticks in the first column of the tables, and `aibomgen:…` names.
    private static func documented() throws -> Set<String> {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/aibom.md")
        var names: Set<String> = ["reported.omitted"]
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") where line.hasPrefix("| `") {
            let cell = line.split(separator: "|")[0]
            for match in cell.matches(of: /`([^`]+)`/) { names.insert(String(match.1)) }
        }
        return names.subtracting(Trust.allCases.map(\.rawValue))
    }

    /// The name by which the page lists a property; nil for what a job or a submitter named.
    private func entry(of name: String) -> String? {
        guard name.hasPrefix("aibomgen:") else { return name }
        let parts = name.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else { return nil }
        if parts[1] == "reported", !["metrics", "preprocessing"].contains(parts[2]) { return nil }
        if parts[1] == "unknown", parts[2].hasPrefix("reported.") { return nil }
        if parts[1] == "declared", parts[2] == "team" { return nil }
        for family in ["limit", "denied.call", "parameter"] where parts[2].hasPrefix("\(family).") {
            return "\(family).<name>"
        }
        return parts[2]
    }

    @Test("has every property that is written, and none that never is")
    func complete() throws {
        var written: Set<String> = []
        var facts = try ["completed", "failed", "sparse", "bare"].map(Fixtures.facts)
        facts[0].reported.dataset["rows"] = -1
        for index in 0..<1500 { facts[1].reported.run["k\(index)"] = 1 }
        facts[3].reported = facts[1].reported
        for facts in facts {
            let document = try JSON.parse(AIBoM.document(facts), limits: .document)
            written.formUnion(properties(in: document).compactMap { entry(of: $0.name) })
        }
        let documented = try Self.documented()
        #expect(documented.count > 100)
        #expect(written.subtracting(documented).subtracting(["denied.calls.recorded", "denied.calls.total"]) == [])
        #expect(documented.subtracting(written) == [])
    }

    @Test("every part says what its bytes are worth and where that can be checked", arguments: Fixtures.names)
    func evidence(_ name: String) throws {
        let lists = propertyLists(in: try JSON.parse(AIBoM.document(Fixtures.facts(name)), limits: .document))
        let marked = lists.filter { $0.contains { $0.name == "aibomgen:trust" } }
        #expect(marked.count >= 5)
        for list in marked { #expect(list.count { $0.name == "aibomgen:evidence" } == 1) }
    }

    @Test("a name of somebody else's restates a fact of ours in the same list", arguments: Fixtures.names)
    func restated(_ name: String) throws {
        for list in propertyLists(in: try JSON.parse(AIBoM.document(Fixtures.facts(name)), limits: .document)) {
            for property in list where !property.name.hasPrefix("aibomgen:") {
                #expect(property.name.hasPrefix("spdx:"))
                #expect(list.contains { $0.name.hasPrefix("aibomgen:") && $0.value == property.value })
            }
        }
    }

    @Test("nothing that a submitter answered is lost", arguments: JobFacts.Declared.keys)
    func answers(_ key: String) throws {
        let answer = "the answer to \(key), which nothing else in the document says"
        for original in try [Fixtures.completed(), Fixtures.failed(), Fixtures.sparse()] {
            var facts = original
            facts.declared = [.init(key: key, value: answer)]
            let document = try JSON.parse(AIBoM.document(facts), limits: .document)
            #expect(properties(in: document).contains { $0.name == "aibomgen:declared:\(key)" && $0.value == answer })
        }
    }

    @Test("a fact with a known name and an impossible value is left out and named")
    func refused() throws {
        let document = try JSON.parse(AIBoM.document(Fixtures.hostile()), limits: .document)
        let refused = properties(in: document).filter { $0.name == "aibomgen:computed:report.refused" }.map(\.value)
        #expect(
            refused == [
                "seed", "framework", "model.layers", "dataset.duplicate_rows", "dataset.split", "dataset.columns",
            ])
        #expect(!properties(in: document).contains { $0.name.hasPrefix("aibomgen:reported:dataset.columns") })
        #expect(properties(in: document).contains { $0.name == "aibomgen:reported:dataset.rows" && $0.value == "2" })
    }

    @Test("no search for vulnerabilities is not an empty result of one")
    func notScanned() throws {
        var facts = try Fixtures.bare()
        let without = try JSON.parse(AIBoM.document(facts), limits: .document)
        #expect(without["vulnerabilities"] == nil)
        #expect(properties(in: without).contains { $0.name == "aibomgen:unknown:vulnerabilities.scan" })
        facts.rootfs.scan = Fixtures.scan
        facts.rootfs.scan?.findings = []
        let clean = try JSON.parse(AIBoM.document(facts), limits: .document)
        #expect(clean["vulnerabilities"] == [])
        #expect(!properties(in: clean).contains { $0.name == "aibomgen:unknown:vulnerabilities.scan" })
    }

    @Test("energy is exact to the nano-kWh, and unknown without CPU time")
    func energy() throws {
        var facts = try Fixtures.completed()
        facts.usage = .init(userMilliseconds: 3_600_000, systemMilliseconds: 360)
        let text = String(decoding: try AIBoM.document(facts), as: UTF8.self)
        #expect(text.contains(#""value": 0.010001000"#))
        facts.usage = .init()
        #expect(!String(decoding: try AIBoM.document(facts), as: UTF8.self).contains("energyConsumptions"))
    }
}
