import EvidenceTesting
import Foundation
import Keys
import PythonTesting

/// Programs of others that take our statements, in one environment.
enum Consumers {
    static let environment = PythonEnvironment(
        "interop-attestation",
        requirements: [
            "in-toto-attestation==0.9.3", "securesystemslib[crypto]==1.6.0", "model-signing==1.1.1",
            "pyopenssl==26.4.0", "sigstore==4.5.1",
        ],
        probe: "import in_toto_attestation.v1.statement, securesystemslib.dsse, model_signing, OpenSSL, sigstore")
    private static let readiness = Task { await environment.prepare() }
    static var isReady: Bool { get async { await readiness.value } }

    /// A script beside these tests.
    static func run(_ script: String, _ arguments: String...) async throws -> PythonEnvironment.Outcome {
        let file = PythonEnvironment.root.appending(path: "Tests/InteropTests/\(script)")
        return try await environment.run([file.path] + arguments)
    }

    /// The public key of `evidence` in a file outside its folder, as a verifier has it.
    static func withKey<Result>(of evidence: Evidence, _ body: (String) async throws -> Result) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString).pem")
        defer { try? FileManager.default.removeItem(at: file) }
        try evidence.publicKey.pem.write(to: file, atomically: true, encoding: .utf8)
        return try await body(file.path)
    }
}
