import JSON

/// A node's status as lines, whatever a service of another version has in it: a name for each value, lists by the names
/// of what is in them.
enum NodeLines {
    static func lines(of status: JSON, below name: String = "") -> [(String, String)] {
        guard let object = status.objectValue else { return [(name, word(status, of: name))] }
        return object.members.flatMap { member in
            lines(of: member.value, below: name.isEmpty ? member.key : "\(name).\(member.key)")
        }
    }

    private static func word(_ value: JSON, of name: String) -> String {
        switch value {
        case .array(let elements): elements.map { element($0) }.joined(separator: ", ")
        case .string(let text): text
        case .integer(let number) where name.hasSuffix("_bytes") && number >= 0: humanSize(UInt64(number))
        default: "\(value)"
        }
    }

    private static func element(_ value: JSON) -> String {
        value["name"]?.stringValue ?? value["key_id"]?.stringValue ?? value.stringValue ?? "\(value)"
    }
}
