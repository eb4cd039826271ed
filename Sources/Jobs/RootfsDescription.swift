package import JSON
package import Measure

/// What a submitter needs to know of a rootfs: what it takes in, how much of it, and which parameters.
package struct RootfsDescription: Sendable, Equatable {
    package struct InputRule: Sendable, Equatable {
        /// With their dots: `.keras`.
        package let extensions: [String]
        package let maximumBytes: UInt64

        package init(extensions: [String], maximumBytes: UInt64) {
            self.extensions = extensions
            self.maximumBytes = maximumBytes
        }
    }

    package let name: String
    package let summary: String
    /// Of the image that jobs run in; nil when it is not known.
    package let imageDigest: Digest?
    package let inputs: [InputRole: InputRule]
    package let parameters: ParameterSchema

    package init(
        name: String, summary: String, imageDigest: Digest? = nil, inputs: [InputRole: InputRule],
        parameters: ParameterSchema
    ) {
        self.name = name
        self.summary = summary
        self.imageDigest = imageDigest
        self.inputs = inputs
        self.parameters = parameters
    }

    package var json: JSON {
        var rules = JSONObject()
        for role in InputRole.allCases {
            rules[role.rawValue] = inputs[role].map { rule in
                [
                    "extensions": .array(rule.extensions.map(JSON.string)),
                    "maximum_bytes": .integer(Int64(clamping: rule.maximumBytes)),
                ]
            }
        }
        var object = JSONObject()
        object["name"] = .string(name)
        object["summary"] = .string(summary)
        object["sha256"] = imageDigest.map { .string($0.hex) }
        object["inputs"] = .object(rules)
        object["parameters"] = parameters.json
        return .object(object)
    }
}

extension RootfsDescription {
    /// Reads what `json` writes; nil for anything else.
    package init?(json: JSON) {
        guard let name = json["name"]?.stringValue, let summary = json["summary"]?.stringValue,
            let rules = json["inputs"]?.objectValue,
            let parameters = json["parameters"].flatMap({ try? ParameterSchema(json: $0) })
        else { return nil }
        var inputs: [InputRole: InputRule] = [:]
        for member in rules.members {
            guard let role = InputRole(rawValue: member.key),
                let extensions = member.value["extensions"]?.arrayValue?.compactMap(\.stringValue),
                let limit = member.value["maximum_bytes"]?.integerValue.flatMap(UInt64.init(exactly:))
            else { return nil }
            inputs[role] = InputRule(extensions: extensions, maximumBytes: limit)
        }
        self.init(
            name: name, summary: summary, imageDigest: json["sha256"]?.stringValue.flatMap(Digest.init(hex:)),
            inputs: inputs, parameters: parameters)
    }
}
