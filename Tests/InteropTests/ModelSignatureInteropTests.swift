import Attest
import EvidenceTesting
import Foundation
import PythonTesting
import Testing

/// OpenSSF's model_signing and Sigstore's data model on `model.sig`.
@Suite(
    "model signing interoperability",
    .enabled("no python3 with the libraries") { await StatementConsumers.isReady || PythonEnvironment.mustRun })
struct ModelSignatureInteropTests {
    private func verify(
        _ evidence: Evidence, key: Evidence? = nil, _ options: [String] = ["--ignore_unsigned_files"]
    ) async throws -> PythonEnvironment.Outcome {
        try await (key ?? evidence).withKeyFile { key in
            try await StatementConsumers.verifyModel(
                in: evidence.path, signature: evidence.file("model.sig"), key: key, options: options)
        }
    }

    @Test("model_signing verifies the model where it lies, among the other evidence")
    func folder() async throws {
        let result = try await verify(Evidence())
        #expect(result.status == 0 && result.output.contains("Verification succeeded"), "\(result.output)")
    }

    @Test("and needs to be told that the rest is not the model: that is what it says otherwise")
    func unsignedFiles() async throws {
        let evidence = try Evidence()
        let result = try await verify(evidence, [])
        #expect(result.status == 1 && result.output.contains("Extra files found"), "\(result.output)")
        for name in try FileManager.default.contentsOfDirectory(atPath: evidence.path)
        where !["trained_model.keras", "model.sig"].contains(name) {
            try evidence.remove(name)
        }
        #expect(try await verify(evidence, []).status == 0)
    }

    @Test("the page has the command that this test runs")
    func documented() throws {
        let page = PythonEnvironment.root.appending(path: "docs/formats.md")
        #expect(
            try String(contentsOf: page, encoding: .utf8).contains(
                "model_signing verify key . --signature model.sig --public_key pub.pem --ignore_unsigned_files"))
    }

    enum Fault: CaseIterable { case model, renamed, payload, signature, otherKey, hint, rootDigest, laterVersion }

    @Test("a fault is seen when there is one", arguments: Fault.allCases)
    func detector(_ fault: Fault) async throws {
        let evidence = try Evidence()
        try apply(fault, to: evidence)
        let result = try await verify(evidence, key: fault == .otherKey ? Evidence() : nil)
        #expect(result.status == 1, "\(result.output)")
        #expect(result.output.contains("Verification failed"), "\(result.output)")
    }

    private func apply(_ fault: Fault, to evidence: Evidence) throws {
        let bundle = try evidence.read("model.sig")
        let contents = try ModelSignature.read(bundle)
        var signature = contents.envelope.signatures[0].bytes
        switch fault {
        case .model: try evidence.write(Array("another model".utf8), to: "trained_model.keras")
        case .renamed:
            try evidence.write(try evidence.read("trained_model.keras"), to: "model.keras")
            try evidence.remove("trained_model.keras")
        case .payload:
            var payload = contents.envelope.payload
            payload[payload.count - 10] ^= 1
            try evidence.write(
                ModelSignature.bundle(payload: payload, signature: signature, material: contents.material),
                to: "model.sig")
        case .signature:
            signature[signature.count - 1] ^= 1
            try evidence.write(
                ModelSignature.bundle(
                    payload: contents.envelope.payload, signature: signature, material: contents.material),
                to: "model.sig")
        case .otherKey: break
        case .hint: try evidence.sealModel(contents.envelope.payload, hint: String(repeating: "0", count: 64))
        case .rootDigest:
            let text = String(decoding: contents.envelope.payload, as: UTF8.self)
            let other = String(repeating: "0", count: 64)
            try evidence.sealModel(Array(text.replacing(contents.rootDigest, with: other).utf8))
        case .laterVersion:
            let text = String(decoding: bundle, as: UTF8.self)
            try evidence.write(Array(text.replacing("bundle.v0.3", with: "bundle.v0.2").utf8), to: "model.sig")
        }
    }

    @Test("the format's own tool takes the fixtures that our reader takes", arguments: ["keyed", "python"])
    func fixtures(_ name: String) async throws {
        let folder = PythonEnvironment.root.appending(path: "Tests/AttestTests/Vectors/oms").path
        let result = try await StatementConsumers.verifyModel(
            in: "\(folder)/model", signature: "\(folder)/\(name).json", key: "\(folder)/pub.pem", options: [])
        #expect(result.status == 0, "\(result.output)")
    }

    /// sigstore-python verifies only what a certificate of Fulcio's stands behind; of ours it reads the form.
    @Test("Sigstore's data model reads the bundle, and its verifier says that it wants a certificate")
    func sigstore() async throws {
        let evidence = try Evidence()
        let result = try await StatementConsumers.readSigstore(evidence.file("model.sig"))
        #expect(result.status == 0, "\(result.output)")
        let text = String(decoding: try evidence.read("model.sig"), as: UTF8.self)
        try evidence.write(
            Array(text.replacing(#"{"mediaType""#, with: #"{"unheard":1,"mediaType""#).utf8), to: "model.sig")
        #expect(try await StatementConsumers.readSigstore(evidence.file("model.sig")).status == 1)
    }
}
