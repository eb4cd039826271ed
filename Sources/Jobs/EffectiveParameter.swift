package import JSON

/// What one parameter was in a job, and who said so.
package struct EffectiveParameter: Sendable, Equatable {
    package let name: String
    /// As it was written, digit for digit; `.null` where the trainer works it out.
    package let value: JSON
    /// False for a default of the rootfs.
    package let isGiven: Bool
}

extension [EffectiveParameter] {
    package var json: JSON {
        .array(map { ["name": .string($0.name), "value": $0.value, "given": .bool($0.isGiven)] })
    }

    package init?(json: JSON) {
        guard let elements = json.arrayValue else { return nil }
        self = []
        for element in elements {
            guard let name = element["name"]?.stringValue, let value = element["value"],
                let isGiven = element["given"]?.boolValue
            else { return nil }
            append(EffectiveParameter(name: name, value: value, isGiven: isGiven))
        }
    }
}

extension ParameterSchema {
    /// Every parameter of the schema, in its order: as `given`, or else its default.
    ///
    /// - Throws: a `Violation` for the first that is unknown, of a wrong type or out of its bounds.
    package func effective(given: JSONObject) throws(Violation) -> [EffectiveParameter] {
        let known = parameters.map(\.name)
        for member in given.members where !known.contains(member.key) {
            throw .unknown(member.key, in: "parameters", known: known)
        }
        var effective: [EffectiveParameter] = []
        for parameter in parameters {
            // null says the same as nothing: the default holds.
            if let value = given[parameter.name], value != .null {
                try parameter.check(value)
                effective.append(EffectiveParameter(name: parameter.name, value: value, isGiven: true))
            } else {
                effective.append(EffectiveParameter(name: parameter.name, value: parameter.standard, isGiven: false))
            }
        }
        return effective
    }
}

extension ParameterSchema.Parameter {
    /// Throws unless `value` is of this parameter's kind and within its bounds.
    func check(_ value: JSON) throws(Violation) {
        let field = "parameters.\(name)"
        switch kind {
        case .integer:
            guard value.integerValue != nil else {
                throw Violation(
                    field, "is not a whole number", limit: .string(kind.rawValue),
                    remedy: "send digits only, such as 50")
            }
        case .number:
            guard value.doubleValue != nil else {
                throw Violation(
                    field, "is not a finite number", limit: .string(kind.rawValue), remedy: "send a number, such as 0.2"
                )
            }
        }
        guard let number = value.doubleValue else { return }
        for bound in bounds where !bound.admits(number) {
            throw Violation(field, "is not \(bound.phrase)", limit: bound.limit, remedy: "send \(range)")
        }
    }

    /// The bounds in words, the lower first: `a whole number, at least 1, at most 100000`.
    var range: String {
        let ordered = ParameterSchema.Bound.Relation.allCases.flatMap { relation in
            bounds.filter { $0.relation == relation }
        }
        return ([kind == .integer ? "a whole number" : "a number"] + ordered.map(\.phrase)).joined(separator: ", ")
    }
}
