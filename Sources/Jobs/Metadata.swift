package import JSON

/// What a submitter declares about a model, its data and the system that they are for: each a text; the AIBoM marks them `declared`.
package struct Metadata: Sendable, Equatable {
    package private(set) var values: [Field: String] = [:]

    package init() {}

    package subscript(field: Field) -> String? { values[field] }

    /// Reads the `metadata` object of a request. A text that is empty says nothing and counts as not given.
    package init(json: JSON) throws(Violation) {
        guard let object = json.objectValue else {
            throw Violation("metadata", "is not an object", remedy: "send an object of texts, or leave it out")
        }
        for member in object.members {
            guard let field = Field(rawValue: member.key) else {
                throw .unknown(member.key, in: "metadata", known: Field.allCases.map(\.rawValue))
            }
            values[field] = try Metadata.text(member.value, of: field)
        }
    }

    /// The members that were given, in the order of the fields: the same facts, the same bytes.
    package var json: JSON {
        var object = JSONObject()
        for field in Field.allCases { object[field.rawValue] = values[field].map(JSON.string) }
        return .object(object)
    }

    private static func text(_ value: JSON, of field: Field) throws(Violation) -> String? {
        let name = "metadata.\(field.rawValue)"
        guard let text = value.stringValue else {
            throw Violation(name, "is not a text", remedy: "send a string")
        }
        guard text.unicodeScalars.count <= field.maximumLength else {
            throw Violation(
                name, "is longer than \(field.maximumLength) characters", limit: .integer(Int64(field.maximumLength)),
                remedy: "shorten it")
        }
        let isPlain = text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || !isControl($0) }
        guard isPlain else { throw Violation(name, "contains a control character", remedy: "send plain text") }
        if let choices = field.choices, !text.isEmpty, !choices.contains(text) {
            throw Violation(
                name, "is not one of its words", limit: .array(choices.map(JSON.string)),
                remedy: "send \(choices.joined(separator: " or ")), or leave it out")
        }
        return text.isEmpty ? nil : text
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
}
