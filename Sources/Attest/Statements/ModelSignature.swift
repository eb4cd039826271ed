internal import JSON

/// `model.sig`: the model alone, in the format of OpenSSF Model Signing v1.0.
///
/// Apart from the other statements, because its readers know models and not jobs: who gets only a model file and this one can
/// check that this node trained it.
package enum ModelSignature {
    static let bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"

    /// How a reader finds the key. A hint: whose key it is the reader must know from elsewhere.
    package enum Material: Sendable, Equatable {
        /// Lower-case hex SHA-256 of the public key's PEM text with its final line end (not of its DER).
        case publicKey(hint: String)
        /// Certificates in DER, the signer's first.
        case chain([[UInt8]])
    }

    /// The statement to sign.
    ///
    /// - Parameters:
    ///   - model: the trained model's file.
    ///   - rootDigest: hex SHA-256 of the 32 bytes that the model's own digest is: the format hashes the list of digests, and
    ///     this list has one.
    ///   - links: where the model comes from; an addition of ours that the format's readers skip.
    /// - Returns: a payload of the type `Envelope.statementType`.
    package static func payload(model: JobFacts.File, rootDigest: String, links: EvidenceLinks) -> [UInt8] {
        Statement(
            .model, [.init(name: "model", sha256: rootDigest)],
            [
                "serialization": ["method": "files", "hash_type": "sha256", "allow_symlinks": false],
                "resources": [
                    ["name": .string(model.name), "algorithm": "sha256", "digest": .string(model.sha256)]
                ],
                "training": links.json,
            ]
        ).payload
    }

    /// The bundle with the signature in it.
    ///
    /// - Parameters:
    ///   - payload: as `payload` made it.
    ///   - signature: over `Envelope.signedBytes`, ASN.1 DER.
    ///   - material: how readers find the key.
    /// - Returns: the bytes of `model.sig`.
    package static func bundle(payload: [UInt8], signature: [UInt8], material: Material) -> [UInt8] {
        // Empty, as the format's own tool writes it: the material names the key.
        let envelope = Envelope(payload: payload, signatures: [.init(keyID: "", bytes: signature)])
        var verification = JSONObject()
        switch material {
        case .publicKey(let hint): verification.add("publicKey", ["hint": .string(hint)])
        case .chain(let certificates):
            let list = certificates.map { ["rawBytes": .string(Base64.encode($0))] as JSON }
            verification.add("x509CertificateChain", ["certificates": .array(list)])
        }
        verification.add("tlogEntries", [])
        let bundle: JSON = [
            "mediaType": .string(bundleType), "verificationMaterial": .object(verification),
            "dsseEnvelope": envelope.json,
        ]
        return bundle.compactBytes()
    }
}
