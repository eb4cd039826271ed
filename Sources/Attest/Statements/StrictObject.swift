internal import JSON

/// An object of a closed format: what is asked for must be there with its type, and nothing else may be.
struct StrictObject {
    private let object: JSONObject
    private let path: String

    /// - Parameters:
    ///   - value: what should be the object.
    ///   - path: how faults name it; empty for the document itself.
    ///   - members: all that it may have.
    /// - Throws: the first fault.
    init(_ value: JSON?, _ path: String, members: [String]) throws(ShapeFault) {
        guard let value else { throw .missing(path) }
        guard let object = value.objectValue else {
            throw .mistyped(path.isEmpty ? "the document" : path, expected: "an object")
        }
        self.object = object
        self.path = path
        // By bytes: `String` takes differently composed twins for one name.
        for key in object.keys where !members.contains(where: { $0.utf8.elementsEqual(key.utf8) }) {
            throw .unknown(name(key))
        }
    }

    /// The object that `bytes` are, with nothing around it: two texts of one document would be two documents to a digest.
    init(_ bytes: [UInt8], limits: JSON.Limits, members: [String]) throws(ShapeFault) {
        let value: JSON
        do throws(JSONError) { value = try JSON.parse(bytes, limits: limits) } catch { throw .json(error) }
        guard value.objectValue == nil || (bytes.first == UInt8(ascii: "{") && bytes.last == UInt8(ascii: "}")) else {
            throw .surrounded
        }
        try self.init(value, "", members: members)
    }

    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func has(_ key: String) -> Bool { object[key] != nil }

    func value(_ key: String) throws(ShapeFault) -> JSON {
        guard let value = object[key] else { throw .missing(name(key)) }
        return value
    }

    func string(_ key: String) throws(ShapeFault) -> String {
        guard let text = try value(key).stringValue else { throw .mistyped(name(key), expected: "a string") }
        return text
    }

    func list(_ key: String) throws(ShapeFault) -> [JSON] {
        guard let list = try value(key).arrayValue else { throw .mistyped(name(key), expected: "a list") }
        guard !list.isEmpty else { throw .empty(name(key)) }
        return list
    }

    func base64(_ key: String) throws(ShapeFault) -> [UInt8] {
        guard let bytes = Base64.decode(try string(key)) else { throw .notBase64(name(key)) }
        return bytes
    }

    func sha256(_ key: String) throws(ShapeFault) -> String {
        let digest = try string(key)
        guard Form.isSHA256(digest) else {
            throw .value(name(key), found: digest, expected: "64 lower-case hexadecimal digits")
        }
        return digest
    }

    func object(_ key: String, members: [String]) throws(ShapeFault) -> StrictObject {
        try StrictObject(try value(key), name(key), members: members)
    }

    /// That `key` says just this: a format says some things in one way only.
    func require(_ key: String, _ expected: JSON) throws(ShapeFault) {
        let found = try value(key)
        guard found == expected else {
            throw .value(name(key), found: found.stringValue ?? found.description, expected: expected.description)
        }
    }
}
