internal import JSON

/// What a job said of itself as properties: `aibomgen:reported:metrics.loss`, `…:layers[3]`.
///
/// Objects become one property for each member, lists one property, and lists of objects one for each, whose value is JSON.
///
/// Safe against a hostile job: whatever its keys are, they come after `aibomgen:reported:`; and what is too much or too
/// long is left out and counted, so that no job can make a document that is too large to sign.
struct ReportProperties {
    private static let propertyLimit = 1000
    private static let nameLimit = 256
    private static let valueLimit = 2048

    private var collected = Properties()
    private var omitted = 0

    var elements: [JSON] { collected.elements }

    /// - Parameters:
    ///   - report: as the job wrote it.
    ///   - prefix: of every name.
    init(_ report: JSONObject, under prefix: String) {
        for member in report.members { add(member.value, path: prefix + member.key) }
        if omitted > 0 { collected.add(.computed, "reported.omitted", "\(omitted)") }
    }

    private mutating func add(_ value: JSON, path: String) {
        switch value {
        case .object(let object) where !object.isEmpty:
            for member in object.members { add(member.value, path: "\(path).\(member.key)") }
        case .array(let elements) where elements.contains { $0.objectValue != nil }:
            for (index, element) in elements.enumerated() { add(element.description, at: "\(path)[\(index)]") }
        case .null: add(nil, at: path)
        case .string(let text): add(text, at: path)
        default: add(value.description, at: path)
        }
    }

    /// A null is the job's way to say that it does not know.
    private mutating func add(_ text: String?, at path: String) {
        let fits =
            collected.elements.count < Self.propertyLimit && path.utf8.count <= Self.nameLimit
            && (text?.utf8.count ?? 0) <= Self.valueLimit
        guard fits else {
            omitted += 1
            return
        }
        if let text {
            collected.add(.reported, path, text)
        } else {
            collected.add(.reported, "reported.\(path)", ifKnown: String?.none)
        }
    }
}
