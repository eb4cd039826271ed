internal import JSON

/// What a job said of itself, flattened to properties: `aibomgen:reported:metrics.loss`, `…:epochs[3]`.
///
/// Safe against a hostile job: whatever its keys are, they come after `aibomgen:reported:`; and what is too much or too
/// long is left out and counted, so that no job can make a document that is too large to sign.
struct Report {
    private static let propertyLimit = 1000
    private static let nameLimit = 256
    private static let valueLimit = 2048

    private var collected = Properties()
    private var omitted = 0

    /// Final values of `metrics`: a number stands for itself, a list of numbers for its last.
    private(set) var performanceMetrics: [JSON] = []

    init(_ report: JSONObject) {
        for member in report.members { add(member.value, path: member.key) }
        if omitted > 0 { collected.add(.computed, "reported.omitted", "\(omitted)") }
        inputShape = Self.shape(report["input_shape"])
        outputShape = Self.shape(report["output_shape"])
        for member in report["metrics"]?.objectValue?.members ?? [] where performanceMetrics.count < 100 {
            let value = member.value.arrayValue?.last ?? member.value
            guard let text = Self.number(value), member.key.utf8.count <= Self.nameLimit else { continue }
            performanceMetrics.append(["type": .string(member.key), "value": .string(text)])
        }
    }

    var properties: [JSON] { collected.elements }

    /// The shape of what the model takes or gives, as the job wrote it.
    private(set) var inputShape: String?
    private(set) var outputShape: String?

    private mutating func add(_ value: JSON, path: String) {
        switch value {
        case .object(let object) where !object.isEmpty:
            for member in object.members { add(member.value, path: "\(path).\(member.key)") }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() { add(element, path: "\(path)[\(index)]") }
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

    private static func shape(_ value: JSON?) -> String? {
        guard let sizes = value?.arrayValue, !sizes.isEmpty, sizes.count <= 16 else { return nil }
        return sizes.allSatisfy { $0.integerValue != nil } ? JSON.array(sizes).description : nil
    }

    private static func number(_ value: JSON) -> String? {
        switch value {
        case .integer(let value): "\(value)"
        case .decimal(let value): value.lexeme
        default: nil
        }
    }
}
