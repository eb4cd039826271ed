package import Foundation

/// CycloneDX's own validator: the strict schema of a document's edition, its references and where things stand.
package enum CycloneDXValidator {
    private static let environment = PythonEnvironment(
        "interop-cyclonedx", requirements: ["cyclonedx-python-lib[json-validation]==11.12.0"],
        probe: "import cyclonedx.validation.json, jsonschema")
    private static let readiness = Task { await environment.prepare() }

    package static var isReady: Bool { get async { await readiness.value } }

    /// - Returns: status 0 for a document that is valid.
    package static func validate(_ file: URL) async throws -> PythonEnvironment.Outcome {
        let script = PythonEnvironment.root.appending(path: "Tests/InteropTests/validate_cyclonedx.py")
        return try await environment.run([script.path, file.path])
    }
}
