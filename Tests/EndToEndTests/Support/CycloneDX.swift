import Foundation
import Testing

/// CycloneDX's own validator, in the virtual environment that the interoperability tests make.
enum CycloneDX {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Expects a document to be valid; without the environment nothing is said, except where every test must run.
    static func expectValid(_ document: String) async throws {
        let python = repository.appendingPathComponent(".build/interop-cyclonedx/bin/python").path
        let mustRun = ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1"
        // Where it is missing the other tests make it just now.
        let isReady = try await eventually(within: mustRun ? .seconds(120) : .zero, every: .milliseconds(500)) {
            guard FileManager.default.isExecutableFile(atPath: python) else { return false }
            return try await Command.run(python, ["-c", "import cyclonedx.validation.json, jsonschema"]).status == 0
        }
        guard isReady || mustRun else { return }
        try #require(isReady, "no validator at \(python)")
        let script = repository.appendingPathComponent("Tests/InteropTests/validate_cyclonedx.py").path
        let verdict = try await Command.run(python, [script, document])
        #expect(verdict.status == 0, "\(verdict)")
    }
}
