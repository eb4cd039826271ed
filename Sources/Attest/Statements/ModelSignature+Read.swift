internal import JSON

extension ModelSignature {
    /// What a bundle says; nothing of it is verified.
    package struct Contents: Sendable, Equatable {
        package let material: Material
        /// With exactly one signature.
        package let envelope: Envelope
        /// Of the model: SHA-256 over the raw digests of `resources`, in their order.
        package let rootDigest: String
        package let resources: [Statement.Subject]
        /// Nil in a bundle that is not ours.
        package let links: EvidenceLinks?
    }

    private static let limits = JSON.Limits(bytes: 1 << 20, depth: 8, values: 4096)

    /// Reads a bundle.
    ///
    /// - Throws: `AttestError.bundle` with the first fault.
    package static func read(_ bytes: [UInt8]) throws(AttestError) -> Contents {
        let envelope: Envelope
        let material: Material
        do throws(ShapeFault) {
            let bundle = try StrictObject(
                bytes, limits: limits, members: ["mediaType", "verificationMaterial", "dsseEnvelope"])
            try bundle.require("mediaType", .string(bundleType))
            material = try Self.material(
                bundle.object(
                    "verificationMaterial", members: ["publicKey", "x509CertificateChain", "tlogEntries"]))
            envelope = try Envelope(bundle.object("dsseEnvelope", members: Envelope.members))
            guard envelope.payloadType == Envelope.statementType else {
                throw .value(
                    "dsseEnvelope.payloadType", found: envelope.payloadType, expected: Envelope.statementType)
            }
            // The format's own tool checks the first and skips the rest.
            guard envelope.signatures.count == 1 else { throw .twice("dsseEnvelope.signatures") }
        } catch { throw .bundle(error) }
        let statement = try Statement.read(envelope.payload)
        guard statement.kind == .model, statement.subjects.count == 1 else {
            throw .bundle(.value("predicateType", found: statement.kind.rawValue, expected: "one model"))
        }
        let links = statement.predicate["training"] == nil ? nil : try statement.links()
        do throws(ShapeFault) {
            return Contents(
                material: material, envelope: envelope, rootDigest: statement.subjects[0].sha256,
                resources: try resources(of: statement.predicate), links: links)
        } catch { throw .bundle(error) }
    }

    private static func material(_ object: StrictObject) throws(ShapeFault) -> Material {
        guard try object.value("tlogEntries") == [] else {
            throw .value(
                object.name("tlogEntries"), found: "entries", expected: "none: the job's log has a proof of its own")
        }
        guard object.has("x509CertificateChain") else {
            return .publicKey(hint: try object.object("publicKey", members: ["hint"]).sha256("hint"))
        }
        guard !object.has("publicKey") else { throw .twice("verificationMaterial's key") }
        let chain = try object.object("x509CertificateChain", members: ["certificates"])
        var certificates: [[UInt8]] = []
        for (index, value) in try chain.list("certificates").enumerated() {
            let entry = try StrictObject(value, "\(chain.name("certificates"))[\(index)]", members: ["rawBytes"])
            certificates.append(try entry.base64("rawBytes"))
        }
        return .chain(certificates)
    }

    private static func resources(of predicate: JSON) throws(ShapeFault) -> [Statement.Subject] {
        let predicate = try StrictObject(
            predicate, "predicate", members: ["serialization", "resources", "training"])
        let serialization = try predicate.object(
            "serialization", members: ["method", "hash_type", "allow_symlinks", "ignore_paths"])
        try serialization.require("method", "files")
        try serialization.require("hash_type", "sha256")
        try serialization.require("allow_symlinks", false)
        var resources: [Statement.Subject] = []
        for (index, value) in try predicate.list("resources").enumerated() {
            let entry = try StrictObject(
                value, "predicate.resources[\(index)]", members: ["name", "algorithm", "digest"])
            try entry.require("algorithm", "sha256")
            resources.append(.init(name: try entry.string("name"), sha256: try entry.sha256("digest")))
        }
        return resources
    }
}
