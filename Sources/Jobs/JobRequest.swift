package import JSON
package import Measure

/// A request to train, read and well formed; whether a rootfs takes it is `validate`'s question.
package struct JobRequest: Sendable, Equatable {
    package let rootfs: String
    package let policy: String
    /// In the order of `InputRole`.
    package let inputs: [JobInput]
    package let parameters: JSONObject
    package let metadata: Metadata
    package let resources: ResourceAsk
    package let priority: Int
    package let maxAttempts: Int

    private static let known = [
        "rootfs", "policy", "inputs", "parameters", "metadata", "resources", "priority", "max_attempts",
    ]

    /// Reads `{"rootfs":…,"policy":…,"inputs":{…},"parameters":{…},"metadata":{…},"resources":{…},"priority":…,
    /// "max_attempts":…}`; all but the first three may be missing.
    package init(json: JSON) throws(Violation) {
        guard let object = json.objectValue else {
            throw Violation("", "the request is not an object", remedy: "send a JSON object")
        }
        for member in object.members where !Self.known.contains(member.key) {
            throw .unknown(member.key, in: "", known: Self.known)
        }
        rootfs = try JobRequest.name(object["rootfs"], field: "rootfs")
        policy = try JobRequest.name(object["policy"], field: "policy")
        inputs = try JobRequest.inputs(object["inputs"])
        guard let parameters = (object["parameters"] ?? [:]).objectValue else {
            throw Violation("parameters", "is not an object", remedy: "send an object of numbers, or leave it out")
        }
        try JobRequest.check(parameters)
        self.parameters = parameters
        metadata = try Metadata(json: object["metadata"] ?? [:])
        resources = try ResourceAsk(json: object["resources"] ?? [:])
        priority = try JobRequest.number(
            object["priority"], "priority", in: JobPriority.range, usual: JobPriority.usual)
        maxAttempts = try JobRequest.number(
            object["max_attempts"], "max_attempts", in: JobAttempts.range, usual: JobAttempts.usual)
    }

    package init(
        rootfs: String, policy: String, inputs: [JobInput], parameters: JSONObject = JSONObject(),
        metadata: Metadata = Metadata(), resources: ResourceAsk = ResourceAsk(), priority: Int = JobPriority.usual,
        maxAttempts: Int = JobAttempts.usual
    ) {
        self.rootfs = rootfs
        self.policy = policy
        self.inputs = inputs
        self.parameters = parameters
        self.metadata = metadata
        self.resources = resources
        self.priority = priority
        self.maxAttempts = maxAttempts
    }

    package var json: JSON {
        var inputs = JSONObject()
        for input in self.inputs {
            inputs[input.role.rawValue] = [
                "file_name": .string(input.fileName.text), "sha256": .string(input.digest.hex),
            ]
        }
        var object = JSONObject()
        object["rootfs"] = .string(rootfs)
        object["policy"] = .string(policy)
        object["inputs"] = .object(inputs)
        object["parameters"] = .object(parameters)
        object["metadata"] = metadata.json
        // What was left out says the same as its default; left out here, a request keeps the digest that it had before.
        if resources != ResourceAsk() { object["resources"] = resources.json }
        if priority != JobPriority.usual { object["priority"] = .integer(Int64(priority)) }
        if maxAttempts != JobAttempts.usual { object["max_attempts"] = .integer(Int64(maxAttempts)) }
        return .object(object)
    }

    /// Two requests are the same for an idempotency key when this is: the request as read, rendered by us with its
    /// parameters sorted, so that white space and the order of members make no other request of it. A number keeps its
    /// spelling: `0.20` is another request than `0.2`.
    package var digest: Digest {
        var sorted = JSONObject()
        for member in parameters.members.sorted(by: { $0.key < $1.key }) { sorted[member.key] = member.value }
        let normal = JobRequest(
            rootfs: rootfs, policy: policy, inputs: inputs, parameters: sorted, metadata: metadata,
            resources: resources, priority: priority, maxAttempts: maxAttempts)
        return Digest.of(normal.json.compactBytes())
    }

    /// The name of a rootfs or a policy: it becomes part of a path, so it is a plain word.
    private static func name(_ value: JSON?, field: String) throws(Violation) -> String {
        guard let value else {
            throw Violation(field, "is missing", remedy: "name one; aibom \(field) list shows them")
        }
        guard let name = value.stringValue, (1...64).contains(name.utf8.count), name.utf8.first != UInt8(ascii: "."),
            name.utf8.allSatisfy({ isWordByte($0) })
        else {
            throw Violation(
                field, "is not a name", limit: "1 to 64 of a-z A-Z 0-9 . _ -, not starting with a dot",
                remedy: "name one; aibom \(field) list shows them")
        }
        return name
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func inputs(_ value: JSON?) throws(Violation) -> [JobInput] {
        guard let object = value?.objectValue else {
            throw Violation("inputs", "is missing or not an object", remedy: "send model, dataset and definition")
        }
        for member in object.members where InputRole(rawValue: member.key) == nil {
            throw .unknown(member.key, in: "inputs", known: InputRole.allCases.map(\.rawValue))
        }
        var inputs: [JobInput] = []
        for role in InputRole.allCases {
            guard let input = object[role.rawValue] else { continue }
            inputs.append(try JobInput(role: role, json: input))
        }
        return inputs
    }
}

extension JobInput {
    init(role: InputRole, json: JSON) throws(Violation) {
        let field = "inputs.\(role.rawValue)"
        guard let object = json.objectValue else {
            throw Violation(field, "is not an object", remedy: "send file_name and sha256")
        }
        for member in object.members where !["file_name", "sha256"].contains(member.key) {
            throw .unknown(member.key, in: field, known: ["file_name", "sha256"])
        }
        guard let name = object["file_name"]?.stringValue else {
            throw Violation("\(field).file_name", "is missing or not a text", remedy: "send the file's name")
        }
        guard let digest = object["sha256"]?.stringValue.flatMap(Digest.init(hex:)) else {
            throw Violation(
                "\(field).sha256", "is missing or not a digest", limit: "64 digits of 0-9 a-f",
                remedy: "upload the file to /v1/blobs and send the digest that comes back")
        }
        self.init(role: role, fileName: try FileName(name, field: "\(field).file_name"), digest: digest)
    }
}
