internal import JSON
internal import Measure

/// What is wrong with a manifest.
package struct ManifestProblem: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

/// One object of a manifest, read field by field.
struct ManifestFields {
    private let value: JSON
    private let path: String

    init(_ value: JSON, _ path: String) {
        self.value = value
        self.path = path
    }

    func string(_ name: String) throws(ManifestProblem) -> String {
        guard let string = value[name]?.stringValue else { throw problem(name, "string") }
        return string
    }

    func strings(_ name: String) throws(ManifestProblem) -> [String] {
        var strings: [String] = []
        for element in try array(name) {
            guard let string = element.stringValue else { throw problem(name, "list of strings") }
            strings.append(string)
        }
        return strings
    }

    func pairs(_ name: String) throws(ManifestProblem) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for member in try object(name).members {
            guard let text = member.value.stringValue, !member.key.contains("=") else {
                throw problem("\(name).\(member.key)", "string")
            }
            pairs.append((member.key, text))
        }
        return pairs
    }

    func array(_ name: String) throws(ManifestProblem) -> [JSON] {
        guard let array = value[name]?.arrayValue else { throw problem(name, "list") }
        return array
    }

    func object(_ name: String) throws(ManifestProblem) -> JSONObject {
        guard let object = value[name]?.objectValue else { throw problem(name, "object") }
        return object
    }

    func fields(_ name: String) throws(ManifestProblem) -> ManifestFields {
        ManifestFields(.object(try object(name)), "\(path)\(name).")
    }

    func bool(_ name: String) throws(ManifestProblem) -> Bool {
        guard let bool = value[name]?.boolValue else { throw problem(name, "boolean") }
        return bool
    }

    func size(_ name: String) throws(ManifestProblem) -> UInt64 {
        guard let number = value[name]?.integerValue, number >= 0 else { throw problem(name, "size in bytes") }
        return UInt64(number)
    }

    func digest(_ name: String) throws(ManifestProblem) -> Digest {
        guard let digest = Digest(hex: try string(name)) else { throw problem(name, "SHA-256 in hex") }
        return digest
    }

    /// A name in the manifest's own folder, never a path out of it.
    func fileName(_ name: String) throws(ManifestProblem) -> String {
        let file = try string(name)
        guard !file.isEmpty, !file.contains("/"), file != ".", file != ".." else {
            throw problem(name, "plain file name")
        }
        return file
    }

    private func problem(_ name: String, _ wanted: String) -> ManifestProblem {
        ManifestProblem("\(path)\(name) is no \(wanted)")
    }
}
