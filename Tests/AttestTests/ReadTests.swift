import Attest
import JSON
import Testing

@Suite("AIBoM reader")
struct ReadTests {
    @Test("reads back what was composed")
    func claims() throws {
        let facts = try Fixtures.completed()
        let claims = try AIBoM.read(AIBoM.document(facts))
        #expect(claims.job == facts.job)
        #expect(claims.isCompleted)
        #expect(claims.keyID == facts.keyID)
        let files = facts.outputs.map(\.file) + [try #require(facts.platform)]
        #expect(claims.artifacts.map(\.name) == files.map(\.name))
        #expect(claims.artifacts.map(\.sha256) == files.map(\.sha256))
        #expect(claims.artifacts.map(\.size) == files.map(\.size))
        #expect(claims.inputs.map(\.role) == ["model", "dataset", "definition"])
        #expect(claims.modelDigests.map(\.sha256) == Array(repeating: Fixtures.digest("d"), count: 9))
    }

    @Test("the reader takes what the composer makes", arguments: Fixtures.names)
    func all(_ name: String) throws { _ = try AIBoM.read(AIBoM.document(Fixtures.facts(name))) }

    @Test(
        "refuses a document that says a thing twice, or not at all",
        arguments: [
            (#""specVersion": "1.6""#, #""specVersion": "1.5""#),
            (#""bomFormat": "CycloneDX","#, #""bomFormat": "CycloneDX", "bomFormat": "CycloneDX","#),
            (#""aibomgen:observed:key.id""#, #""aibomgen:observed:job.id""#),
            (#""aibomgen:observed:key.id""#, #""aibomgen:observed:no.key.id""#),
            (#""value": "completed""#, #""value": "perhaps""#),
            (#""value": "trained_model.keras""#, #""value": "../trained_model.keras""#),
            (#""value": "trained_model.keras""#, #""value": "aibom.sig""#),
            (#""value": "metrics.json""#, #""value": "logs.txt""#),
            (#""value": "2048""#, #""value": "-1""#),
            (#""alg": "SHA-256""#, #""alg": "SHA-1""#),
            (#""serialNumber": "urn:uuid:0"#, #""serialNumber": "urn:uuid:1"#),
            (#""ref": "trained-model"\#n                  }"#, #""ref": "logs"\#n                  }"#),
        ])
    func refusals(part: String, replacement: String) throws {
        let text = String(decoding: try AIBoM.document(Fixtures.completed()), as: UTF8.self)
        let changed = text.replacing(part, with: replacement)
        try #require(changed != text)
        #expect(throws: AttestError.self) { try AIBoM.read(Array(changed.utf8)) }
    }
}
