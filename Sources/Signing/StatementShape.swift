internal import JSON
internal import Measure

/// What may be stated of a job: nothing that its AIBoM, signed just before, does not bear out.
enum StatementShape {
    private static let shape = Statement.shape

    /// - Parameters:
    ///   - statement: one of the five kinds that go into `attestation.intoto.jsonl`.
    ///   - bill: the AIBoM of the conversation.
    /// - Throws: `SigningError.signerRefused` that says what is not as it must be.
    static func check(_ statement: Statement, against bill: Bill) throws(SigningError) {
        try shape.require(
            Set(statement.subject) == Set(bill.subject),
            "its subject is not the files of the aibom, all of them and no others")
        let predicate = statement.predicate
        switch statement.type {
        case .provenance: try checkProvenance(predicate, bill)
        case .bill:
            let content = Digest.of(predicate.compactBytes())
            try shape.require(content == bill.content, "its predicate is not the aibom")
        case .trace, .claims: try checkLinks(predicate, bill)
        case .failure:
            try shape.require(!bill.isCompleted, "a failure of a job that completed")
            try checkInputs(predicate["inputs"], bill)
            try checkLinks(predicate, bill)
        case .model: throw shape.refusal("a model's signature has a verb of its own")
        }
    }

    /// The failure of a job that never ran: there is no AIBoM to hold it against, and it must not speak of one.
    static func checkUnbilled(_ statement: Statement) throws(SigningError) {
        try shape.require(statement.type == .failure, "without an aibom only a failure is stated")
        let links = try shape.members(
            ["job", "documents"], of: statement.predicate[EvidenceLinks.member], EvidenceLinks.member)
        guard let job = links["job"]?.stringValue else { throw shape.refusal("it names no job") }
        _ = try shape.job(.string("urn:uuid:\(job)"), "its job")
        let documents = links["documents"]?.arrayValue ?? []
        try shape.require(
            documents.count == 1 && documents[0]["name"] == .string(Bill.platformName),
            "it names other documents than platform.json")
        _ = try shape.sha256(in: documents[0]["digest"], Bill.platformName)
    }

    private static func checkLinks(_ predicate: JSON, _ bill: Bill) throws(SigningError) {
        try shape.require(
            predicate[EvidenceLinks.member] == EvidenceLinks.value(of: bill),
            "\(EvidenceLinks.member) does not name the job, the signed aibom and its platform.json")
    }

    /// SLSA v1, of a job that completed, by the builder that the AIBoM names, from what and on what the AIBoM names.
    private static func checkProvenance(_ predicate: JSON, _ bill: Bill) throws(SigningError) {
        try shape.require(bill.isCompleted, "provenance of a job that failed")
        let definition = predicate["buildDefinition"]
        let details = predicate["runDetails"]
        try shape.require(
            definition?["buildType"] == "urn:aibomgen:build-type:training:1", "its buildType is not that of a training")
        try shape.require(
            details?["builder"]?["id"] == .string(bill.builder), "its builder.id is another than the aibom's")
        try shape.require(
            details?["metadata"]?["invocationId"] == .string("urn:uuid:\(bill.job)"),
            "its invocationId is not the job's urn")
        try checkInputs(definition?["resolvedDependencies"], bill)
        let platform = bill.platform.map { [$0] } ?? []
        try agree(details?["builder"]?["builderDependencies"], with: bill.parts + platform, all: platform)
        let document = Resource(name: Bill.fileName, sha256: bill.digest)
        try agree(details?["byproducts"], with: bill.outputs + [document], all: [document])
    }

    private static func checkInputs(_ resources: JSON?, _ bill: Bill) throws(SigningError) {
        try agree(resources, with: bill.parts, all: bill.inputs)
    }

    /// Resource descriptors (in-toto, resource_descriptor.md): whatever goes by a name that the AIBoM knows has the AIBoM's digest,
    /// no name is there twice, and some must be there.
    private static func agree(
        _ value: JSON?, with known: [Resource], all required: [Resource]
    ) throws(SigningError) {
        var found: [Resource] = []
        for element in value?.arrayValue ?? [] {
            guard let name = element["name"]?.stringValue else { throw shape.refusal("a resource has no name") }
            let resource = Resource(name: name, sha256: element["digest"]?["sha256"]?.stringValue ?? "")
            try shape.require(!found.contains { $0.name == resource.name }, "\(name) is there twice")
            found.append(resource)
            guard let own = known.first(where: { $0.name == resource.name }) else { continue }
            try shape.require(own == resource, "\(name) has another digest than in the aibom")
        }
        for resource in required {
            try shape.require(
                found.contains(resource), "\(String(decoding: resource.name, as: UTF8.self)) is not named")
        }
    }
}

/// How predicates that have no place for it name their job and the documents that they belong to.
enum EvidenceLinks {
    static let member = "aibomgen_evidence"

    static func value(of bill: Bill) -> JSON {
        let documents = [Resource(name: Bill.fileName, sha256: bill.digest)] + (bill.platform.map { [$0] } ?? [])
        return ["job": .string(bill.job), "documents": .array(documents.map(\.json))]
    }
}

extension Resource {
    fileprivate var json: JSON {
        ["name": .string(String(decoding: name, as: UTF8.self)), "digest": ["sha256": .string(sha256)]]
    }
}
