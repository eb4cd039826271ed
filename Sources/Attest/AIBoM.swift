internal import JSON

/// A CycloneDX 1.6 ML-BOM (ECMA-424) of one training job.
///
/// Same facts, same bytes: no clock, no randomness, members in a fixed order. Everything in it is marked with who stands
/// behind it (docs/formats.md).
package enum AIBoM {
    /// Composes the document.
    ///
    /// - Parameter facts: of a job that has ended.
    /// - Throws: `AttestError.fact` when they make no valid document.
    /// - Returns: the bytes to sign and to publish.
    package static func document(_ facts: JobFacts) throws(AttestError) -> [UInt8] {
        try facts.check()
        var root = JSONObject()
        root.add("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
        root.add("bomFormat", "CycloneDX")
        root.add("specVersion", "1.6")
        root.add("serialNumber", "urn:uuid:\(facts.job)")
        root.add("version", 1)
        root.add("metadata", metadata(facts))
        root.add("components", .array(components(facts)))
        root.add("dependencies", .array(dependencies(facts)))
        root.add("formulation", [formula(facts)])
        let bytes = JSON.object(root).prettyBytes()
        // Readers and the signer take no larger one; better to learn it here, with the job's name at hand.
        guard bytes.count <= JSON.Limits.document.bytes else {
            throw .fact("document", reason: "\(bytes.count) bytes, more than \(JSON.Limits.document.bytes)")
        }
        return bytes
    }

    /// The names by which parts of the document point to each other.
    enum Reference {
        static let subject = "subject"
        static let model = "trained-model"
        static let rootfs = "rootfs"
        static let supervisor = "supervisor"
        static let signer = "signer"
        static let policy = "policy"
        static let baseModel = "base-model"

        static func input(_ role: JobFacts.Input.Role) -> String { "input-\(role.rawValue)" }

        static func output(_ role: JobFacts.Output.Role) -> String { role == .model ? model : role.rawValue }
    }

    /// The model comes first: consumers look for it in `components[0]`, others in `metadata.component`.
    private static func components(_ facts: JobFacts) -> [JSON] {
        var components = facts.model.map { [model($0, facts, reference: Reference.model)] } ?? []
        components += facts.inputs.map(input)
        components += facts.outputs.filter { $0.role != .model }.map { output($0, facts) }
        components += [
            rootfs(facts.rootfs), supervisor(facts.supervisor), signer(facts.supervisor), policy(facts.policy),
        ]
        return components
    }

    private static func metadata(_ facts: JobFacts) -> JSON {
        [
            "timestamp": .string(facts.finished),
            "lifecycles": [["phase": "build"]],
            "tools": ["components": [tool(facts.supervisor)]],
            "component": facts.model.map { model($0, facts, reference: Reference.subject) } ?? failure(facts),
            "properties": .array(runProperties(facts)),
        ]
    }

    static func hashes(_ sha256: String) -> JSON { [["alg": "SHA-256", "content": .string(sha256)]] }
}

extension JobFacts {
    /// The trained model; nil when the job failed.
    var model: File? { outputs.first { $0.role == .model }?.file }

    func declared(_ key: String) -> String? {
        declared.first { $0.key == key && !$0.value.isEmpty }?.value
    }
}
