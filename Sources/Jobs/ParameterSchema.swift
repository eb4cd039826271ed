package import JSON

/// Which parameters a trainer takes; part of a rootfs's description, because the trainer is.
package struct ParameterSchema: Sendable, Equatable {
    package enum Kind: String, Sendable { case integer, number }

    /// One parameter: its kind, what it is when nobody says, and where it must lie.
    package struct Parameter: Sendable, Equatable {
        package let name: String
        package let kind: Kind
        /// `.null` when the trainer works it out itself.
        package let standard: JSON
        package let bounds: [Bound]
        /// What it does, for people; nil when the schema does not say.
        package let description: String?
    }

    package struct Bound: Sendable, Equatable {
        package enum Relation: String, Sendable, CaseIterable {
            case minimum
            case exclusiveMinimum = "exclusive_minimum"
            case maximum
            case exclusiveMaximum = "exclusive_maximum"
        }

        package let relation: Relation
        package let limit: JSON
        let value: Double

        func admits(_ value: Double) -> Bool {
            switch relation {
            case .minimum: value >= self.value
            case .exclusiveMinimum: value > self.value
            case .maximum: value <= self.value
            case .exclusiveMaximum: value < self.value
            }
        }

        var phrase: String {
            switch relation {
            case .minimum: "at least \(limit)"
            case .exclusiveMinimum: "more than \(limit)"
            case .maximum: "at most \(limit)"
            case .exclusiveMaximum: "less than \(limit)"
            }
        }
    }

    /// In the order of the document.
    package let parameters: [Parameter]

    /// Reads the object that a rootfs's manifest holds: `{"epochs":{"type":"integer","default":50,"minimum":1}}`.
    ///
    /// Everything in it must be understood: a bound that we skipped would be a bound that is not kept.
    ///
    /// - Throws: a `Violation` whose field is the place in the schema.
    package init(json: JSON) throws(Violation) {
        guard let object = json.objectValue else {
            throw Violation("parameters", "is not an object", remedy: "describe each parameter by an object")
        }
        var parameters: [Parameter] = []
        for member in object.members { parameters.append(try Parameter(name: member.key, json: member.value)) }
        self.parameters = parameters
    }

    package var json: JSON {
        var object = JSONObject()
        for parameter in parameters { object[parameter.name] = parameter.json }
        return .object(object)
    }
}

extension ParameterSchema.Parameter {
    init(name: String, json: JSON) throws(Violation) {
        guard let object = json.objectValue else {
            throw Violation("parameters.\(name)", "is not an object", remedy: "give it a type and a default")
        }
        guard let kind = object["type"]?.stringValue.flatMap(ParameterSchema.Kind.init) else {
            throw Violation("parameters.\(name).type", "is missing or not known", remedy: "use integer or number")
        }
        guard let standard = object["default"] else {
            throw Violation("parameters.\(name).default", "is missing", remedy: "state a value, or null")
        }
        var bounds: [ParameterSchema.Bound] = []
        for member in object.members where !["type", "default", "description"].contains(member.key) {
            guard let relation = ParameterSchema.Bound.Relation(rawValue: member.key) else {
                throw .unknown(
                    member.key, in: "parameters.\(name)", known: ParameterSchema.Bound.Relation.allCases.map(\.rawValue)
                )
            }
            guard let value = member.value.doubleValue else {
                throw Violation("parameters.\(name).\(member.key)", "is not a number", remedy: "state a number")
            }
            bounds.append(ParameterSchema.Bound(relation: relation, limit: member.value, value: value))
        }
        self.init(
            name: name, kind: kind, standard: standard, bounds: bounds,
            description: try Self.description(object["description"], of: name))
        if standard != .null { try check(standard) }
    }

    private static func description(_ value: JSON?, of name: String) throws(Violation) -> String? {
        guard let value else { return nil }
        guard let text = value.stringValue else {
            throw Violation(
                "parameters.\(name).description", "is not a text", remedy: "write a sentence, or leave it out")
        }
        return text
    }

    var json: JSON {
        var object = JSONObject()
        object["type"] = .string(kind.rawValue)
        object["default"] = standard
        for bound in bounds { object[bound.relation.rawValue] = bound.limit }
        object["description"] = description.map(JSON.string)
        return .object(object)
    }
}
