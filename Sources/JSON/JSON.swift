/// A JSON value that keeps what its text said: members in their order, numbers as they were written.
///
/// A codec of our own, because what we sign must have exactly one reading and one rendering. Foundation's accepts
/// duplicate keys, turns every number into a double and sorts by locale.
package enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number that is no `Int64`: a fraction, an exponent, a negative zero, or too large.
    case decimal(JSONDecimal)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

/// Equal means equal bytes: `String`'s own equality takes differently composed twins (NFC, NFD) for the same text.
extension JSON: Equatable {
    package static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.decimal(let left), .decimal(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension JSON {
    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }
    package var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    package var arrayValue: [JSON]? { if case .array(let value) = self { value } else { nil } }
    package var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

    /// The nearest double of either kind of number; nil when it is no number or no finite double.
    package var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let value): value.doubleValue
        default: nil
        }
    }

    /// The member `key` of an object; nil when this is no object or has no such member.
    package subscript(key: String) -> JSON? { objectValue?[key] }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// An object written in source; writing a key twice is a fault of the source and stops the process.
    package init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements {
            let isNew = object.insert(value, for: key)
            precondition(isNew, "the literal has the key \(key) twice")
        }
        self = .object(object)
    }
}
