internal import JSON

/// An in-toto statement (in-toto/attestation, spec/v1/statement.md) of a form that leaves nothing open.
struct Statement {
    enum PredicateType: String, CaseIterable, Sendable {
        case provenance = "https://slsa.dev/provenance/v1"
        case bill = "https://cyclonedx.org/bom"
        case trace = "https://in-toto.io/attestation/runtime-trace/v0.1"
        case claims = "https://in-toto.io/attestation/scai/v0.3"
        case failure = "urn:aibomgen:attestation:failure:1"
        case model = "https://model_signing/signature/v1.0"
    }

    let type: PredicateType
    let subject: [Resource]
    let predicate: JSON

    static let shape = Shape(subject: "statement")

    /// Reads a payload that has exactly the members of a statement, in the one rendering that our composer uses.
    ///
    /// - Throws: `SigningError.signerRefused`.
    init(_ payload: [UInt8]) throws(SigningError) {
        let shape = Self.shape
        let value = try shape.parse(payload)
        try shape.require(value.compactBytes() == payload, "not in its compact rendering")
        let members = try shape.members(["_type", "subject", "predicateType", "predicate"], of: value, "it")
        try shape.require(members["_type"] == "https://in-toto.io/Statement/v1", "_type is not Statement/v1")
        guard let type = PredicateType.allCases.first(where: { members["predicateType"] == .string($0.rawValue) })
        else {
            throw shape.refusal("predicateType is none that is signed here")
        }
        guard let predicate = members["predicate"], predicate.objectValue != nil else {
            throw shape.refusal("predicate is no object")
        }
        self.type = type
        self.predicate = predicate
        subject = try Self.subject(members["subject"])
    }

    /// Files by name and one SHA-256 each, no name twice. Their order means nothing.
    private static func subject(_ value: JSON?) throws(SigningError) -> [Resource] {
        var resources: [Resource] = []
        for element in value?.arrayValue ?? [] {
            let members = try shape.members(["name", "digest"], of: element, "a subject")
            guard let name = members["name"]?.stringValue, !name.isEmpty else {
                throw shape.refusal("a subject has no name")
            }
            let resource = Resource(name: name, sha256: try shape.sha256(in: members["digest"], "a subject"))
            try shape.require(!resources.contains { $0.name == resource.name }, "a subject is named twice")
            resources.append(resource)
        }
        try shape.require(!resources.isEmpty, "it has no subject")
        return resources
    }
}
