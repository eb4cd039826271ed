internal import Attest
internal import Keys
internal import Measure

extension Verifier {
    /// `model.sig` is about the model of this AIBoM, by the same signer. A key that the format does not take makes none.
    mutating func checkModelSignature(_ bill: Bill, _ signer: Signer?) {
        let name = AIBoM.modelSignatureName
        let isExpected = bill.claims.isCompleted && signer?.key.algorithm != .ed25519
        guard isExpected else {
            if has(name) {
                verdict.fail(.extra, name, .fileUnnamed, "a job without a model, or a key of Ed25519, has none")
            }
            return
        }
        guard let file = bytes(of: name) else { return }
        let contents: ModelSignature.Contents
        do throws(AttestError) { contents = try ModelSignature.read(file) } catch {
            return verdict.fail(.modelSignature, name, .modelBundleMalformed, error.description)
        }
        guard let signer else {
            return verdict.fail(.modelSignature, name, .keyMissing, "no trusted key has signed the AIBoM")
        }
        let signature = contents.envelope.signatures[0]
        guard SignatureForm.fits(signature.bytes, signer.key.algorithm) else {
            return verdict.fail(
                .modelSignature, name, .modelSignatureMalformed,
                "its signature is not of the one form that \(signer.scheme) has")
        }
        guard signer.key.verify(signature: signature.bytes, over: contents.envelope.signedBytes) else {
            return verdict.fail(
                .modelSignature, name, .modelSignatureMismatch,
                "its signature is none by key \(signer.key.keyID), which signed the AIBoM, over it")
        }
        guard checkMaterial(contents, signer), let model = Self.model(of: bill) else { return }
        if let (reason, fault) = Self.fault(contents, model, bill) {
            return verdict.fail(.modelSignature, name, reason, fault)
        }
        verdict.pass(.modelSignature, name, by: signer.voucher, "OpenSSF Model Signing v1.0 over \(model.name)")
    }

    private static func model(of bill: Bill) -> AIBoM.Claims.Artifact? {
        let digest = bill.claims.modelDigests.first?.sha256
        return bill.claims.artifacts.first { $0.sha256 == digest }
    }

    /// How its readers find the key leads them to the one that has signed.
    private mutating func checkMaterial(_ contents: ModelSignature.Contents, _ signer: Signer) -> Bool {
        let name = AIBoM.modelSignatureName
        let keyID = contents.envelope.signatures[0].keyID
        let isFound =
            switch contents.material {
            case .publicKey(let hint): hint == Digest.of(Array(signer.key.pem.utf8)).hex
            case .chain(let certificates): CertificateChain(certificates)?.key == signer.key
            }
        guard isFound, keyID.isEmpty || keyID == signer.key.keyID else {
            verdict.fail(
                .modelSignature, name, .modelHintMismatch, "leads its readers to another key than the one that signed")
            return false
        }
        return true
    }

    private static func fault(
        _ contents: ModelSignature.Contents, _ model: AIBoM.Claims.Artifact, _ bill: Bill
    ) -> (Reason, String)? {
        // OMS: the digest of the resources' raw digests, one after the other.
        let digests = contents.resources.compactMap { Digest(hex: $0.sha256) }
        let root = Digest.of(digests.flatMap(\.bytes)).hex
        guard contents.rootDigest == root else {
            return (.modelRootMismatch, "its subject is \(contents.rootDigest), and its resources make \(root)")
        }
        guard contents.resources == [.init(name: model.name, sha256: model.sha256)] else {
            let found = contents.resources.map { "\($0.name) \($0.sha256)" }.joined(separator: ", ")
            return (.modelResourceMismatch, "is about \(found), not \(model.name) \(model.sha256)")
        }
        let links = EvidenceLinks(job: bill.claims.job, bill: bill.digest, platform: bill.platform)
        guard contents.links == links else {
            return (.modelLinkMismatch, "names another job, AIBoM or platform.json, or none")
        }
        return nil
    }
}
