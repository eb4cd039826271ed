package import JSON

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
    package let inputs: [InputRole: InputRule]
    package let parameters: ParameterSchema

    package init(name: String, summary: String, inputs: [InputRole: InputRule], parameters: ParameterSchema) {
        self.name = name
        self.summary = summary
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
        return [
            "name": .string(name), "summary": .string(summary), "inputs": .object(rules), "parameters": parameters.json,
        ]
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
        self.init(name: name, summary: summary, inputs: inputs, parameters: parameters)
    }
}
