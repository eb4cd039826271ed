import Foundation
import PythonTesting
import Testing

/// CycloneDX's own validator on our golden documents, which AttestTests prove to be what we emit.
@Suite(
    "CycloneDX interoperability",
    .enabled("no python3 with cyclonedx-python-lib") { await CycloneDXValidator.isReady || PythonEnvironment.mustRun }
)
struct CycloneDXTests {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    static let vectors = tests.appending(path: "AttestTests/Vectors")

    @Test(
        "strict schema of its edition, references and placement",
        arguments: ["completed", "failed", "sparse", "hostile", "bare", "completed-1.7"])
    func valid(_ name: String) async throws {
        let result = try await CycloneDXValidator.validate(Self.vectors.appending(path: "\(name).json"))
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(
        "the validator sees a fault when there is one",
        arguments: [
            (#""version": 1,"#, #""version": 1, "unheard": true,"#),
            (#""type": "container""#, #""type": "contraption""#),
            (#""ref": "trained-model""#, #""ref": "nothing""#),
            (#""bom-ref": "signer""#, #""bom-ref": "policy""#),
            (#""2026-11-23T05:43:00.000Z""#, #""yesterday""#),
        ])
    func detector(part: String, replacement: String) async throws {
        let text = try String(contentsOf: Self.vectors.appending(path: "completed.json"), encoding: .utf8)
        let changed = text.replacing(part, with: replacement)
        try #require(changed != text)
        let file = FileManager.default.temporaryDirectory.appending(path: "cyclonedx-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try changed.write(to: file, atomically: true, encoding: .utf8)
        #expect(try await CycloneDXValidator.validate(file).status == 1)
    }
}
