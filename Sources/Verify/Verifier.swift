internal import Attest
internal import Glibc
package import Keys
internal import Linux
internal import Measure
internal import SystemPackage

/// Checks evidence offline: needs the evidence, a public key from elsewhere, and nothing else.
package struct Verifier {
    let evidence: any Evidence
    private let publicKey: PublicKey
    private let log: LogTrust?
    var verdict = Verdict()

    private static let document = "aibom.json"
    private static let signature = "aibom.sig"
    private static let documentLimit = 8 << 20
    private static let signatureLimit = 1 << 10

    private init(_ evidence: any Evidence, _ publicKey: PublicKey, _ log: LogTrust?) {
        self.evidence = evidence
        self.publicKey = publicKey
        self.log = log
    }

    /// Checks everything that can be checked, and goes on after a failure, so that one run names all that is wrong.
    ///
    /// - Parameters:
    ///   - directory: holds `aibom.json`, `aibom.sig` and the artifacts, flat.
    ///   - publicKey: of the signer, got by a way that whoever made the folder does not control.
    ///   - inputs: paths of files that are said to have gone into the job.
    ///   - log: whose log the seal must be in; nil leaves open whose it is.
    /// - Returns: the checks, in order.
    package static func verify(
        directory: String, publicKey: PublicKey, inputs: [String] = [], log: LogTrust? = nil
    ) -> Verdict {
        do throws(LinuxError) {
            var verifier = Verifier(try EvidenceFolder(directory), publicKey, log)
            return verifier.run(inputs)
        } catch {
            var verdict = Verdict()
            verdict.fail(.folder, directory, error.description)
            return verdict
        }
    }

    /// The same for a bundle that came over the network.
    ///
    /// - Parameters:
    ///   - bundle: with the documents `AIBoM.documentNames`.
    ///   - publicKey: of the signer.
    /// - Returns: the checks, in order.
    package static func verify(_ bundle: EvidenceBundle, publicKey: PublicKey) -> Verdict {
        var verifier = Verifier(bundle, publicKey, nil)
        return verifier.run([])
    }

    /// What is read as a document and not only measured.
    package static var documentNames: [String] { AIBoM.documentNames }

    private mutating func run(_ inputs: [String]) -> Verdict {
        guard let document = bytes(of: Self.document, limit: Self.documentLimit) else { return verdict }
        checkSignature(over: document)
        guard let claims = claims(in: document) else { return verdict }
        checkKey(claims)
        for artifact in claims.artifacts { check(artifact) }
        checkModel(claims)
        checkNothingElse(claims)
        checkLog(claims, log)
        for input in inputs { check(input: input, claims) }
        return verdict
    }
}

extension Verifier {
    mutating func bytes(of name: String, limit: Int) -> [UInt8]? {
        do throws(LinuxError) {
            return try evidence.document(name, limit: limit)
        } catch {
            verdict.fail(name == Self.signature ? .signature : .document, name, Self.explain(error))
            return nil
        }
    }

    /// Over the bytes as they lie there: nothing is parsed, and so nothing is rendered again, before this.
    private mutating func checkSignature(over document: [UInt8]) {
        guard let signature = bytes(of: Self.signature, limit: Self.signatureLimit) else { return }
        if publicKey.verify(signature: signature, over: document) {
            verdict.pass(.signature, Self.document, "ECDSA P-256 SHA-256 by key \(publicKey.keyID)")
        } else {
            verdict.fail(
                .signature, Self.document, "\(Self.signature) is no signature by key \(publicKey.keyID) over it")
        }
    }

    private mutating func claims(in document: [UInt8]) -> AIBoM.Claims? {
        do throws(AttestError) {
            let claims = try AIBoM.read(document)
            let outcome = claims.isCompleted ? "completed" : "failed"
            verdict.pass(.document, Self.document, "AIBoM of job \(claims.job), \(outcome)")
            return claims
        } catch {
            verdict.fail(.document, Self.document, error.description)
            return nil
        }
    }

    private mutating func checkKey(_ claims: AIBoM.Claims) {
        if claims.keyID == publicKey.keyID {
            verdict.pass(.key, Self.document, "names the given key")
        } else {
            verdict.fail(.key, Self.document, "names key \(claims.keyID), not the given key \(publicKey.keyID)")
        }
    }

    private mutating func check(_ artifact: AIBoM.Claims.Artifact) {
        do throws(LinuxError) {
            guard let measured = try evidence.measure(artifact.name) else {
                verdict.fail(.artifact, artifact.name, "not a regular file")
                return
            }
            compare(.artifact, artifact.name, measured, size: artifact.size, sha256: artifact.sha256)
        } catch {
            verdict.fail(.artifact, artifact.name, Self.explain(error))
        }
    }

    private mutating func compare(
        _ name: Check.Name, _ subject: String, _ measured: Digest.Measured, size: Int64, sha256: String
    ) {
        if measured.size != UInt64(size) {
            verdict.fail(name, subject, "has \(measured.size) bytes, the AIBoM says \(size)")
        } else if measured.digest.hex != sha256 {
            verdict.fail(name, subject, "has SHA-256 \(measured.digest), the AIBoM says \(sha256)")
        } else {
            verdict.pass(name, subject, "\(size) bytes, SHA-256 \(sha256)")
        }
    }

    /// The document states the model's digest for three kinds of reader; none may be told another model.
    private mutating func checkModel(_ claims: AIBoM.Claims) {
        guard claims.isCompleted else { return }
        let digests = Set(claims.modelDigests.map(\.sha256))
        let isAnArtifact = claims.artifacts.contains { $0.sha256 == digests.first }
        let places = claims.modelDigests.map { "\($0.place) \($0.sha256)" }.joined(separator: ", ")
        if digests.count == 1 && isAnArtifact {
            verdict.pass(.model, Self.document, "the same digest in \(claims.modelDigests.count) places")
        } else {
            verdict.fail(.model, Self.document, "states different models: \(places)")
        }
    }

    private mutating func checkNothingElse(_ claims: AIBoM.Claims) {
        let known = Set((AIBoM.documentNames + claims.artifacts.map(\.name)).map { Array($0.utf8) })
        do throws(LinuxError) {
            let extra = try evidence.names().filter { !known.contains($0) }
            for name in extra { verdict.fail(.extra, Display.name(name), "not named by the AIBoM") }
            if extra.isEmpty { verdict.pass(.extra, ".", "no file that the AIBoM does not name") }
        } catch {
            verdict.fail(.extra, ".", error.description)
        }
    }

    /// A file that is said to be an input is one if its bytes are; under which name it is kept says nothing.
    private mutating func check(input path: String, _ claims: AIBoM.Claims) {
        do throws(LinuxError) {
            let measured = try Digest.of(file: try OwnedDescriptor.open(path, flags: O_RDONLY))
            if let input = claims.inputs.first(where: { $0.sha256 == measured.digest.hex }) {
                compare(.input, path, measured, size: input.size, sha256: input.sha256)
            } else {
                verdict.fail(.input, path, "SHA-256 \(measured.digest) is no input that the AIBoM names")
            }
        } catch {
            verdict.fail(.input, path, Self.explain(error))
        }
    }

    private static func explain(_ error: LinuxError) -> String {
        switch error.errno {
        case .noSuchFileOrDirectory: "missing"
        case .tooManySymbolicLinkLevels: "a symbolic link"
        case .fileTooLarge: "too large"
        default: error.description
        }
    }
}
