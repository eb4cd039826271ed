internal import Foundation

/// Programs of others that take statements and model signatures, in one environment.
package enum StatementConsumers {
    private static let environment = PythonEnvironment(
        "interop-attestation",
        requirements: [
            "in-toto-attestation==0.9.3", "securesystemslib[crypto]==1.6.0", "model-signing==1.1.1",
            "pyopenssl==26.4.0", "sigstore==4.5.1",
        ],
        probe: "import in_toto_attestation.v1.statement, securesystemslib.dsse, model_signing, OpenSSL, sigstore")
    private static let readiness = Task { await environment.prepare() }

    package static var isReady: Bool { get async { await readiness.value } }

    /// securesystemslib and in-toto-attestation on a folder of evidence.
    ///
    /// - Returns: status 0 and the type of each statement, a line each; or status 1 and the first fault.
    package static func verifyStatements(in folder: String, key: String) async throws -> PythonEnvironment.Outcome {
        try await run("verify_statements.py", folder, key)
    }

    /// Sigstore's data model on a bundle; status 0 when it reads, and its verifier says that it wants a certificate.
    package static func readSigstore(_ bundle: String) async throws -> PythonEnvironment.Outcome {
        try await run("read_sigstore_bundle.py", bundle)
    }

    /// `model_signing verify key`, by default as docs/formats.md has it for a folder of evidence.
    package static func verifyModel(
        in folder: String, signature: String, key: String, options: [String] = ["--ignore_unsigned_files"]
    ) async throws -> PythonEnvironment.Outcome {
        try await environment.run(
            ["-m", "model_signing", "verify", "key", folder, "--signature", signature, "--public_key", key] + options)
    }

    private static func run(_ script: String, _ arguments: String...) async throws -> PythonEnvironment.Outcome {
        let file = PythonEnvironment.root.appending(path: "Tests/InteropTests/\(script)")
        return try await environment.run([file.path] + arguments)
    }
}
