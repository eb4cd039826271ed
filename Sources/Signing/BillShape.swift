internal import JSON
internal import Measure

/// The only kind of plain document that the documents' key signs: an AIBoM.
///
/// The signer cannot know whether it is true. It can see to it that the key never vouches for anything but an AIBoM: not
/// for a TLS handshake, a certificate, or a document that two readers read in two ways.
enum BillShape {
    private static let shape = Shape(subject: "aibom")

    /// - Parameters:
    ///   - bytes: what is to be signed, exactly.
    ///   - keyID: of the key that is to sign; the document must name it.
    /// - Throws: `SigningError.signerRefused` that says what is not as it must be.
    /// - Returns: what statements about the job must agree with.
    static func check(_ bytes: [UInt8], keyID: String) throws(SigningError) -> Bill {
        let document = try shape.parse(bytes)
        try shape.require(document["bomFormat"] == "CycloneDX", "bomFormat is not CycloneDX")
        try shape.require(["1.6", "1.7"].contains(document["specVersion"]), "specVersion is not 1.6 or 1.7")
        try shape.require(document["version"] == 1, "version is not 1")
        try shape.require(document["signature"] == nil, "it has a signature inside; ours stands beside it")
        let properties = try properties(of: document)
        let job = try shape.job(document["serialNumber"], "serialNumber")
        try shape.require(properties.value("job.id") == .string(job), "it does not state its job's id once")
        try shape.require(properties.value("key.id") == .string(keyID), "it does not name the key that is to sign it")
        guard let builder = properties.value("builder.id")?.stringValue, !builder.isEmpty else {
            throw shape.refusal("it does not state its builder.id once")
        }
        let isCompleted = try outcome(properties)
        let files = try Files(document, shape)
        try checkModel(files.model, isCompleted, document)
        return Bill(
            job: job, isCompleted: isCompleted, digest: Digest.of(bytes).hex,
            content: Digest.of(document.compactBytes()), builder: builder, parts: files.parts, inputs: files.inputs,
            outputs: files.outputs, model: files.model, platform: files.platform)
    }

    private static func properties(of document: JSON) throws(SigningError) -> Observed {
        let properties = document["metadata"]?["properties"]?.arrayValue ?? []
        for property in properties {
            try shape.require(
                property["name"]?.stringValue?.utf8.starts(with: "aibomgen:".utf8) == true,
                "a property of metadata is not of the aibomgen namespace")
        }
        return Observed(properties)
    }

    private static func outcome(_ properties: Observed) throws(SigningError) -> Bool {
        switch properties.value("job.outcome") {
        case "completed": return true
        case "failed": return false
        default: throw shape.refusal("it does not state once that its job completed or failed")
        }
    }

    /// The model of a completed job is what the whole document is about; a failed one has none.
    private static func checkModel(_ model: Resource?, _ isCompleted: Bool, _ document: JSON) throws(SigningError) {
        try shape.require(
            (model != nil) == isCompleted, isCompleted ? "completed without a model" : "failed with a model")
        guard let model else { return }
        let subject = try Files.sha256(of: document["metadata"]?["component"] ?? .null, shape)
        try shape.require(
            subject == model.sha256, "metadata.component is another model than the one among its components")
    }
}

/// Properties with the prefix that the supervisor's own observations have.
struct Observed {
    private let properties: [JSON]

    init(_ properties: [JSON]) { self.properties = properties }

    init(of component: JSON) { self.init(component["properties"]?.arrayValue ?? []) }

    /// Nil when there is none, or more than one.
    func value(_ name: String) -> JSON? {
        let found = properties.filter { $0["name"] == .string("aibomgen:observed:\(name)") }
        return found.count == 1 ? found[0]["value"] : nil
    }

    func has(_ name: String) -> Bool { properties.contains { $0["name"] == .string("aibomgen:observed:\(name)") } }
}

/// The files that an AIBoM lists among its components.
private struct Files {
    var parts: [Resource] = []
    var inputs: [Resource] = []
    var outputs: [Resource] = []
    var model: Resource?
    var platform: Resource?

    init(_ document: JSON, _ shape: Shape) throws(SigningError) {
        for component in document["components"]?.arrayValue ?? [] {
            let observed = Observed(of: component)
            if observed.has("artifact.name") {
                try add(Self.file(component, observed.value("artifact.name"), shape), component["bom-ref"], shape)
            } else if component["hashes"] != nil {
                let part = try Self.file(component, component["bom-ref"], shape)
                try shape.require(!parts.contains { $0.name == part.name }, "a bom-ref is there twice")
                parts.append(part)
                if observed.has("input.role") { inputs.append(part) }
            } else {
                try shape.require(!observed.has("input.role"), "an input has no digest")
            }
        }
    }

    private mutating func add(_ file: Resource, _ reference: JSON?, _ shape: Shape) throws(SigningError) {
        try shape.require(
            !outputs.contains { $0.name == file.name } && platform?.name != file.name, "a file is listed twice")
        guard !file.isNamed(Bill.platformName) else {
            platform = file
            return
        }
        try shape.require(
            !file.name.contains(UInt8(ascii: "/")) && !file.isNamed(Bill.fileName), "a file has no name of ours")
        outputs.append(file)
        guard reference == "trained-model" else { return }
        try shape.require(model == nil, "it has two models")
        model = file
    }

    private static func file(_ component: JSON, _ name: JSON?, _ shape: Shape) throws(SigningError) -> Resource {
        guard let name = name?.stringValue, !name.isEmpty else { throw shape.refusal("a file is not named once") }
        return Resource(name: name, sha256: try sha256(of: component, shape))
    }

    static func sha256(of component: JSON, _ shape: Shape) throws(SigningError) -> String {
        let hashes = component["hashes"]?.arrayValue ?? []
        try shape.require(hashes.count == 1 && hashes[0]["alg"] == "SHA-256", "a file has no one SHA-256")
        return try shape.sha256(hashes[0]["content"], "a file")
    }
}
