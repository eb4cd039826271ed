package import JSON

extension AIBoM {
    /// What a document claims that can be checked against files.
    package struct Claims: Sendable, Equatable {
        /// A file that is published beside the document.
        package struct Artifact: Sendable, Equatable {
            package let name: String
            package let sha256: String
            package let size: Int64
        }

        package struct Input: Sendable, Equatable {
            package let role: String
            package let name: String
            package let sha256: String
            package let size: Int64
        }

        /// One place where the document states the model's digest.
        package struct ModelDigest: Sendable, Equatable {
            package let place: String
            package let sha256: String
        }

        package let job: String
        package let isCompleted: Bool
        package let keyID: String
        package let artifacts: [Artifact]
        package let inputs: [Input]
        /// Every place; empty when the job failed.
        package let modelDigests: [ModelDigest]
    }

    /// What lies beside the listed artifacts and the document does not name, since each is made after it; so none is one of them.
    package static let documentNames = [
        documentName, signatureName, attestationName, modelSignatureName, logProofName,
    ]

    package static let documentName = "aibom.json"
    package static let signatureName = "aibom.sig"
    /// There where the operator has certificates for the key.
    package static let certificatesName = "signing.chain.pem"
    /// A listed artifact, which other documents also name.
    package static let platformName = "platform.json"
    package static let attestationName = "attestation.intoto.jsonl"
    package static let modelSignatureName = "model.sig"
    /// Made when all others are: it proves that their digests stand in the audit log.
    package static let logProofName = "aibom.tlog-proof"

    /// Reads the claims of an AIBoM of ours; whether they are true is for the caller to find out.
    ///
    /// - Parameter bytes: the exact bytes of `aibom.json`.
    /// - Throws: `AttestError` for what is no strict JSON, no AIBoM, or claims a thing twice or not at all.
    /// - Returns: the claims, in the document's order.
    package static func read(_ bytes: [UInt8]) throws(AttestError) -> Claims { try read(try parse(bytes)) }

    /// Reads a document's bytes once, for all who ask something of it.
    package static func parse(_ bytes: [UInt8]) throws(AttestError) -> JSON {
        do throws(JSONError) { return try JSON.parse(bytes, limits: .document) } catch { throw .json(error) }
    }

    /// The same of a document that was parsed.
    package static func read(_ root: JSON) throws(AttestError) -> Claims {
        guard root["bomFormat"] == "CycloneDX", let edition = root["specVersion"]?.stringValue,
            Specification(rawValue: edition) != nil
        else {
            throw .document("not a CycloneDX 1.6 or 1.7 document")
        }
        guard let metadata = root["metadata"], let components = root["components"]?.arrayValue else {
            throw .document("no metadata or no components")
        }
        let job = try property("observed:job.id", of: metadata)
        guard root["serialNumber"] == .string("urn:uuid:\(job)") else {
            throw .document("serialNumber and job.id name two jobs")
        }
        let isCompleted = try outcome(of: metadata)
        return Claims(
            job: job, isCompleted: isCompleted, keyID: try property("observed:key.id", of: metadata),
            artifacts: try artifacts(components), inputs: try inputs(components),
            modelDigests: isCompleted ? try modelDigests(root, metadata, components) : [])
    }

    private static func outcome(of metadata: JSON) throws(AttestError) -> Bool {
        switch try property("observed:job.outcome", of: metadata) {
        case "completed": return true
        case "failed": return false
        case let other: throw .document("job.outcome is \(JSON.string(other))")
        }
    }

    private static func artifacts(_ components: [JSON]) throws(AttestError) -> [Claims.Artifact] {
        var artifacts: [Claims.Artifact] = []
        for component in components where has("observed:artifact.name", component) {
            let name = try property("observed:artifact.name", of: component)
            guard isFileName(name) else {
                throw .document("artifact name \(JSON.string(name)) is no file name of ours")
            }
            guard !artifacts.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                throw .document("artifact \(name) is listed twice")
            }
            artifacts.append(
                Claims.Artifact(
                    name: name, sha256: try sha256(of: component),
                    size: try size("observed:artifact.size", of: component)))
        }
        return artifacts
    }

    private static func inputs(_ components: [JSON]) throws(AttestError) -> [Claims.Input] {
        var inputs: [Claims.Input] = []
        for component in components where has("observed:input.role", component) {
            inputs.append(
                Claims.Input(
                    role: try property("observed:input.role", of: component),
                    name: component["name"]?.stringValue ?? "",
                    sha256: try sha256(of: component), size: try size("observed:input.size", of: component)))
        }
        return inputs
    }

    /// The places where consumers look for the model, each of which must exist.
    private static func modelDigests(
        _ root: JSON, _ metadata: JSON, _ components: [JSON]
    ) throws(AttestError) -> [Claims.ModelDigest] {
        guard let subject = metadata["component"], let first = components.first,
            first["bom-ref"] == .string(Reference.model)
        else { throw .document("the model is not metadata.component and components[0]") }
        let outputs = root["formulation"]?.arrayValue?.first?["workflows"]?.arrayValue?.first?["tasks"]?.arrayValue?
            .first?["outputs"]?.arrayValue
        let trained = (outputs ?? []).filter { $0["resource"]?["ref"] == .string(Reference.model) }
        guard trained.count == 1 else { throw .document("the formulation does not put out the model once") }
        return try modelDigests(subject, "metadata.component") + modelDigests(first, "components[0]") + [
            Claims.ModelDigest(place: "formulation output", sha256: try property("observed:sha256", of: trained[0]))
        ]
    }

    /// Wherever the component of a model says which bytes it is about, so that no reader takes another model for it.
    private static func modelDigests(_ model: JSON, _ place: String) throws(AttestError) -> [Claims.ModelDigest] {
        let checksum = "?checksum=sha256:"
        let address = model["purl"]?.stringValue?.split(separator: checksum).last.map(String.init)
        let distribution = model["externalReferences"]?.arrayValue?.first { $0["type"] == "distribution" }
        let evidence = try property("evidence", of: model).split(separator: "sha256:").last.map(String.init)
        return [
            Claims.ModelDigest(place: place, sha256: try sha256(of: model)),
            Claims.ModelDigest(place: "\(place) purl", sha256: address ?? ""),
            Claims.ModelDigest(place: "\(place) distribution", sha256: try sha256(of: distribution ?? .null)),
            Claims.ModelDigest(place: "\(place) evidence", sha256: evidence ?? ""),
        ]
    }
}

extension AIBoM {
    private static func named(_ name: String, _ part: JSON) -> [JSON] {
        let full = JSON.string(Properties.namespace + name)
        return (part["properties"]?.arrayValue ?? []).filter { $0["name"] == full }
    }

    static func has(_ name: String, _ part: JSON) -> Bool { !named(name, part).isEmpty }

    static func property(_ name: String, of part: JSON) throws(AttestError) -> String {
        let found = named(name, part)
        guard found.count == 1, let value = found[0]["value"]?.stringValue else {
            throw .document("property \(Properties.namespace)\(name) is not stated once")
        }
        return value
    }

    private static func size(_ name: String, of part: JSON) throws(AttestError) -> Int64 {
        guard let size = Int64(try property(name, of: part)), size >= 0 else {
            throw .document("property \(Properties.namespace)\(name) is no size")
        }
        return size
    }

    private static func sha256(of component: JSON) throws(AttestError) -> String {
        let hashes = component["hashes"]?.arrayValue ?? []
        guard hashes.count == 1, hashes[0]["alg"] == "SHA-256", let digest = hashes[0]["content"]?.stringValue,
            Form.isSHA256(digest)
        else { throw .document("component \(component["bom-ref"] ?? JSON.null) has no one SHA-256") }
        return digest
    }

    private static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(UInt8(ascii: "/"))
            && !name.utf8.contains(0) && !documentNames.contains(name)
    }
}
