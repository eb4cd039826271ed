import Foundation
import PythonTesting
import Testing

/// The validators of the SPDX project on our golden exports, which ExportTests prove to be what we emit.
@Suite(
    "SPDX interoperability",
    .enabled("no python3 with the validators") { await Python.isReady || PythonEnvironment.mustRun }
)
struct SPDXTests {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let vectors = tests.appending(path: "ExportTests/Vectors")

    @Test("SPDX 3.0.1 by the model's bindings and the conformance checker", arguments: ["completed", "failed"])
    func valid(_ name: String) async throws {
        let result = try await Self.validate(Self.vectors.appending(path: "\(name).spdx3.json"))
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(
        "the validators see a fault when there is one",
        arguments: [
            (#""ai_autonomyType": "no""#, #""ai_autonomyType": "perhaps""#),
            (#""type": "build_Build""#, #""type": "build_Bulid""#),
            (#""specVersion": "3.0.1","#, ""),
            (#""relationshipType": "trainedOn""#, #""relationshipType": "tainedOn""#),
            (#""suppliedBy": ""#, #""suppliedBy": "x"#),
        ])
    func detector(part: String, replacement: String) async throws {
        let text = try String(contentsOf: Self.vectors.appending(path: "completed.spdx3.json"), encoding: .utf8)
        try #require(text.contains(part))
        let file = FileManager.default.temporaryDirectory.appending(path: "spdx-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.replacing(part, with: replacement).write(to: file, atomically: true, encoding: .utf8)
        #expect(try await Self.validate(file).status == 1)
    }

    private static func validate(_ file: URL) async throws -> PythonEnvironment.Outcome {
        try await Python.environment.run([tests.appending(path: "InteropTests/validate_spdx.py").path, file.path])
    }
}

private enum Python {
    static let environment = PythonEnvironment(
        "interop-spdx", requirements: ["spdx-python-model==0.0.6", "ntia-conformance-checker==6.0.0"],
        probe: "import spdx_python_model, ntia_conformance_checker")
    static let readiness = Task { await environment.prepare() }
    static var isReady: Bool { get async { await readiness.value } }
}
