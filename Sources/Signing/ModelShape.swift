internal import JSON
internal import Measure

/// An OpenSSF Model Signing statement (OMS v1.0) over exactly one file, the model of the AIBoM.
enum ModelShape {
    private static let shape = Shape(subject: "model statement")

    static func check(_ statement: Statement, against bill: Bill) throws(SigningError) {
        try shape.require(statement.type == .model, "predicateType is not that of a model's signature")
        guard let model = bill.model, let digest = Digest(hex: model.sha256) else {
            throw shape.refusal("the aibom has no model")
        }
        // OMS: the digest of all resources' digests, raw, one after the other; here there is one.
        let root = Digest.of(digest.bytes).hex
        try shape.require(statement.subject.map(\.sha256) == [root], "its subject is not the aibom's model")
        let predicate = try shape.members(
            ["serialization", "resources", "training"], of: statement.predicate, "its predicate")
        // Whole files and no links: otherwise the one signature could stand for other bytes.
        let serialization = predicate["serialization"]
        try shape.require(
            serialization?["method"] == "files" && serialization?["hash_type"] == "sha256"
                && serialization?["allow_symlinks"] == false,
            "its serialization is not files, sha256, no links")
        let name = String(decoding: model.name, as: UTF8.self)
        try shape.require(
            predicate["resources"]
                == [["name": .string(name), "algorithm": "sha256", "digest": .string(model.sha256)]],
            "its resources are not the aibom's model alone")
        try shape.require(
            predicate["training"] == EvidenceLinks.value(of: bill),
            "training does not name the job, the signed aibom and its platform.json")
    }
}
