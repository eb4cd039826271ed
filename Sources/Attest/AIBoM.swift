internal import JSON

/// A CycloneDX ML-BOM (ECMA-424) of one training job.
///
/// Same facts, same bytes: no clock, no randomness, members in a fixed order. Everything in it is marked with who stands
/// behind it (docs/aibom.md).
package enum AIBoM {
    /// Composes the document.
    ///
    /// - Parameters:
    ///   - facts: of a job that has ended.
    ///   - specification: the edition of CycloneDX to write; what is said is the same in both.
    /// - Throws: `AttestError.fact` when they make no valid document.
    /// - Returns: the bytes to sign and to publish.
    package static func document(
        _ facts: JobFacts, as specification: Specification = .v16
    ) throws(AttestError) -> [UInt8] {
        try facts.check()
        let facts = facts.withCheckedReport()
        var root = JSONObject()
        root.add("$schema", "http://cyclonedx.org/schema/bom-\(specification.rawValue).schema.json")
        root.add("bomFormat", "CycloneDX")
        root.add("specVersion", .string(specification.rawValue))
        root.add("serialNumber", "urn:uuid:\(facts.job)")
        root.add("version", 1)
        root.add("metadata", metadata(facts))
        root.add("components", .array(components(facts)))
        root.add("externalReferences", .array(externalReferences(facts)))
        root.add("dependencies", .array(dependencies(facts)))
        root.add("vulnerabilities", vulnerabilities(facts.rootfs))
        root.add("formulation", [formula(facts)])
        if specification == .v17 { root.add("citations", .array(citations(facts))) }
        let bytes = JSON.object(root).prettyBytes()
        // Readers and the signer take no larger one; better to learn it here, with the job's name at hand.
        guard bytes.count <= JSON.Limits.document.bytes else {
            throw .fact("document", reason: "\(bytes.count) bytes, more than \(JSON.Limits.document.bytes)")
        }
        return bytes
    }

    /// Editions of CycloneDX. 1.6 is read by more programs; 1.7 has citations.
    package enum Specification: String, Sendable, CaseIterable {
        case v16 = "1.6"
        case v17 = "1.7"
    }

    /// The names by which parts of the document point to each other.
    enum Reference {
        static let subject = "subject"
        static let model = "trained-model"
        static let rootfs = "rootfs"
        static let supervisor = "supervisor"
        static let signer = "signer"
        static let policy = "policy"
        static let platform = "platform"
        static let kernel = "kernel"
        static let processor = "processor"
        static let driver = "accelerator-driver"
        static let workflow = "workflow"
        static let task = "train"

        static func input(_ role: JobFacts.Input.Role) -> String { "input-\(role.rawValue)" }

        static func output(_ role: JobFacts.Output.Role) -> String { role == .model ? model : role.rawValue }

        static func accelerator(_ index: Int) -> String { "accelerator-\(index)" }
    }

    /// The model comes first: consumers look for it in `components[0]`, others in `metadata.component`.
    private static func components(_ facts: JobFacts) -> [JSON] {
        var components = facts.model.map { [model($0, facts, reference: Reference.model)] } ?? []
        components += facts.inputs.map { input($0, facts) }
        components += facts.outputs.filter { $0.role != .model }.map { output($0, facts) }
        components += facts.platform.map { [platform($0)] } ?? []
        components += [
            rootfs(facts.rootfs), supervisor(facts.supervisor), signer(facts.supervisor), policy(facts.policy),
        ]
        return components + machine(facts.environment).map(\.component)
    }

    private static func metadata(_ facts: JobFacts) -> JSON {
        var metadata = JSONObject()
        metadata.add("timestamp", .string(facts.finished))
        metadata.add("lifecycles", [["phase": "build"]])
        metadata.add("tools", ["components": [tool(facts.supervisor)]])
        metadata.add("authors", [["name": .string(facts.builderID)]])
        metadata.add(
            "component", facts.model.map { model($0, facts, reference: Reference.subject) } ?? failure(facts))
        metadata.add("manufacturer", facts.operatorName.map { ["name": .string($0)] })
        metadata.add("properties", .array(runProperties(facts)))
        return .object(metadata)
    }

    /// What belongs to the document as a whole. The signature covers it, so it can't be here with a digest.
    private static func externalReferences(_ facts: JobFacts) -> [JSON] {
        var references: [JSON] = [["url": .string(signatureName), "type": "digital-signature"]]
        if let policy = facts.securityPolicy, Form.isPlainURL(policy) {
            references.append(["url": .string(policy), "type": "rfc-9116"])
        }
        return references
    }

    static func hashes(_ sha256: String) -> JSON { [["alg": "SHA-256", "content": .string(sha256)]] }
}

extension JobFacts {
    /// The trained model; nil when the job failed.
    var model: File? { outputs.first { $0.role == .model }?.file }

    func input(_ role: Input.Role) -> File? { inputs.first { $0.role == role }?.file }
}
