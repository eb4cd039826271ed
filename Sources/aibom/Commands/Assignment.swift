import ArgumentParser
import JSON

/// `KEY=VALUE` on the command line.
struct Assignment: ExpressibleByArgument, Equatable {
    let key: String
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
        key = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }

    /// The value as the number that it spells, digit for digit; other text stays text, for the service to refuse by name.
    var number: JSON {
        guard let json = try? JSON.parse(Array(value.utf8), limits: .report) else { return .string(value) }
        return switch json {
        case .integer, .decimal, .null: json
        case .bool, .string, .array, .object: .string(value)
        }
    }

    /// The assignments as one object.
    ///
    /// - Throws: `ValidationError` when a key comes twice: which one was meant can't be known.
    static func object(
        _ assignments: [Assignment], option: String, _ value: (Assignment) -> JSON
    ) throws -> JSONObject {
        var object = JSONObject()
        for assignment in assignments {
            guard object.insert(value(assignment), for: assignment.key) else {
                throw ValidationError("\(option) \(assignment.key) is given twice")
            }
        }
        return object
    }
}
