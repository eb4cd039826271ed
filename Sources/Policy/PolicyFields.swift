internal import JSON

/// One object of a policy file, read field by field; every error names the field's path.
struct PolicyFields {
    private let path: String
    private let object: JSONObject

    init(_ value: JSON?, path: String) throws(PolicyError) {
        guard let object = value?.objectValue else {
            throw .field(path: path.isEmpty ? "/" : path, problem: "is not an object", remedy: "write { … }")
        }
        self.path = path
        self.object = object
    }

    /// Refuses every field but these: a misspelt limit must not be a limit that is not there.
    func allow(_ names: [String]) throws(PolicyError) {
        for key in object.keys where !names.contains(key) {
            throw .field(
                path: "\(path)/\(JSONPointer.escaped(key))", problem: "is unknown",
                remedy: "known here: \(names.joined(separator: ", "))")
        }
    }

    func has(_ name: String) -> Bool { object[name] != nil }

    func isNull(_ name: String) -> Bool { object[name] == .null }

    func string(_ name: String) throws(PolicyError) -> String {
        guard let value = object[name]?.stringValue, !value.isEmpty else {
            throw .field(path: "\(path)/\(name)", problem: "is not a string", remedy: "write \"\(name)\": \"…\"")
        }
        return value
    }

    /// A string that may be empty.
    func text(_ name: String) throws(PolicyError) -> String {
        guard let value = object[name]?.stringValue else {
            throw .field(path: "\(path)/\(name)", problem: "is not a string", remedy: "write \"\(name)\": \"…\"")
        }
        return value
    }

    func strings(_ name: String) throws(PolicyError) -> [String] {
        guard let values = object[name]?.arrayValue else {
            throw .field(path: "\(path)/\(name)", problem: "is not a list", remedy: "write [ \"…\" ]")
        }
        var strings: [String] = []
        for (index, value) in values.enumerated() {
            guard let string = value.stringValue else {
                throw .field(path: "\(path)/\(name)/\(index)", problem: "is not a string", remedy: "write \"…\"")
            }
            strings.append(string)
        }
        return strings
    }

    func number(_ name: String, in range: ClosedRange<UInt64>) throws(PolicyError) -> UInt64 {
        let field = "\(path)/\(name)"
        guard let value = object[name].flatMap(UInt64.init(json:)) else {
            throw .field(path: field, problem: "is not a whole number", remedy: "write a number in \(range)")
        }
        guard range.contains(value) else {
            throw .field(path: field, problem: "is \(value)", remedy: "write a number in \(range)")
        }
        return value
    }

    func flag(_ name: String) throws(PolicyError) -> Bool {
        guard case .bool(let value)? = object[name] else {
            throw error(name, "is neither true nor false", remedy: "write \"\(name)\": true")
        }
        return value
    }

    func object(_ name: String) throws(PolicyError) -> PolicyFields {
        try PolicyFields(object[name], path: "\(path)/\(name)")
    }

    /// The objects of a list; a list that is not there is empty.
    func objects(_ name: String) throws(PolicyError) -> [PolicyFields] {
        guard let value = object[name] else { return [] }
        guard let values = value.arrayValue else {
            throw .field(path: "\(path)/\(name)", problem: "is not a list", remedy: "write [ { … } ]")
        }
        var objects: [PolicyFields] = []
        for (index, value) in values.enumerated() {
            objects.append(try PolicyFields(value, path: "\(path)/\(name)/\(index)"))
        }
        return objects
    }

    /// An error about one of this object's fields.
    func error(_ name: String, _ problem: String, remedy: String) -> PolicyError {
        .field(path: "\(path)/\(name)", problem: problem, remedy: remedy)
    }
}

extension UInt64 {
    /// A whole number, also one above the range of Int64, which the codec keeps as its digits.
    fileprivate init?(json: JSON) {
        switch json {
        case .integer(let value): self.init(exactly: value)
        case .decimal(let decimal) where decimal.lexeme.utf8.allSatisfy { (0x30...0x39).contains($0) }:
            self.init(decimal.lexeme)
        default: return nil
        }
    }
}
