internal import JSON

/// Of which job a statement is, and with which documents it belongs together.
package struct EvidenceLinks: Sendable, Equatable {
    package let job: String
    /// Nil in the AIBoM's own statement, which is the document, and where there is none.
    package let bill: String?
    /// SHA-256 of `platform.json`; nil where there is none.
    package let platform: String?

    package init(job: String, bill: String?, platform: String?) {
        self.job = job
        self.bill = bill
        self.platform = platform
    }

    /// The member by which predicates of others' that have no place for this carry it.
    static let member = "aibomgen_evidence"

    var json: JSON {
        var documents: [JSON] = []
        if let bill { documents.append(Resource.artifact(AIBoM.documentName, sha256: bill).json) }
        if let platform { documents.append(Resource.artifact(AIBoM.platformName, sha256: platform).json) }
        return ["job": .string(job), "documents": .array(documents)]
    }
}

extension Statement {
    /// Reads the links from where each kind of statement has them (docs/build-type.md).
    ///
    /// - Throws: `AttestError.statement` when they are not there, or there twice.
    package func links() throws(AttestError) -> EvidenceLinks {
        do throws(ShapeFault) {
            switch kind {
            case .provenance: return try provenanceLinks()
            case .bill: return try billLinks()
            case .model: return try links(in: "training")
            case .trace, .confinement, .failure: return try links(in: EvidenceLinks.member)
            }
        } catch { throw .statement(error) }
    }

    private func links(in member: String) throws(ShapeFault) -> EvidenceLinks {
        let links = try StrictObject(predicate[member], "predicate.\(member)", members: ["job", "documents"])
        let documents = try links.value("documents").arrayValue ?? []
        return EvidenceLinks(
            job: try links.string("job"), bill: try Self.digest(of: AIBoM.documentName, in: documents),
            platform: try Self.digest(of: AIBoM.platformName, in: documents))
    }

    private func provenanceLinks() throws(ShapeFault) -> EvidenceLinks {
        let details = predicate["runDetails"] ?? .null
        let invocation = details["metadata"]?["invocationId"]?.stringValue ?? ""
        return EvidenceLinks(
            job: try Self.job(invocation, "predicate.runDetails.metadata.invocationId"),
            bill: try Self.digest(of: AIBoM.documentName, in: details["byproducts"]?.arrayValue ?? []),
            platform: try Self.digest(
                of: AIBoM.platformName, in: details["builder"]?["builderDependencies"]?.arrayValue ?? []))
    }

    private func billLinks() throws(ShapeFault) -> EvidenceLinks {
        let parts = (predicate["components"]?.arrayValue ?? []).filter {
            $0["bom-ref"] == .string(AIBoM.Reference.platform)
        }
        guard parts.count <= 1 else { throw .twice("component \(AIBoM.Reference.platform)") }
        return EvidenceLinks(
            job: try Self.job(predicate["serialNumber"]?.stringValue ?? "", "predicate.serialNumber"), bill: nil,
            platform: parts.first?["hashes"]?.arrayValue?.first?["content"]?.stringValue)
    }

    private static func job(_ urn: String, _ place: String) throws(ShapeFault) -> String {
        let prefix = "urn:uuid:"
        guard urn.hasPrefix(prefix) else { throw .value(place, found: urn, expected: "urn:uuid: and a job") }
        return String(urn.dropFirst(prefix.count))
    }

    private static func digest(of name: String, in resources: [JSON]) throws(ShapeFault) -> String? {
        let named = resources.filter { $0["name"] == .string(name) }
        guard named.count <= 1 else { throw .twice(name) }
        guard let resource = named.first else { return nil }
        return try StrictObject(resource["digest"], "digest of \(name)", members: ["sha256"]).sha256("sha256")
    }
}
