extension Policy.Variable {
    init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow(["name", "value"])
        let name = try fields.string("name")
        guard name.utf8.allSatisfy({ $0 == 0x5f || $0.isLetterOrDigit }) else {
            throw fields.error("name", "is \(name)", remedy: "write letters, digits and underscores")
        }
        let value = try fields.string("value")
        guard !value.utf8.contains(0) else { throw fields.error("value", "holds a NUL", remedy: "remove it") }
        self.init(name: name, value: value)
    }
}

extension Policy.Device {
    init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow(["path", "required"])
        self.init(
            path: try fields.path("path", below: "/dev", wildcard: true), isRequired: try fields.flag("required"))
    }
}

extension Policy.Lent {
    init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow(["source", "target", "required"])
        self.init(
            source: try fields.path("source", below: "", wildcard: true),
            target: try fields.path("target", below: "/mnt", orItself: true), isRequired: try fields.flag("required"))
    }
}

extension PolicyFields {
    /// An absolute path without `.`, `..`, empty components or NUL.
    ///
    /// - Parameters:
    ///   - name: the field.
    ///   - folder: where it must lie.
    ///   - orItself: whether it may be the folder.
    ///   - wildcard: whether the last component may hold wildcards.
    /// - Returns: the path as it is written.
    /// - Throws: `PolicyError.field`.
    func path(
        _ name: String, below folder: String, orItself: Bool = false, wildcard: Bool = false
    ) throws(PolicyError) -> String {
        let path = try string(name)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let isPlain =
            path.hasPrefix("/") && !path.utf8.contains(0) && path.utf8.count < 4096
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        let isThere = path.hasPrefix("\(folder)/") || (orItself && path == folder)
        guard isPlain, isThere else {
            throw error(name, "is \(path)", remedy: "write a path below \(folder)/, without . and ..")
        }
        let plain = wildcard ? parts.dropLast() : parts
        guard !plain.contains(where: { $0.contains { "*?[".contains($0) } }) else {
            throw error(name, "is \(path)", remedy: "put wildcards into the last component only")
        }
        return path
    }

    /// Reads every object of a list.
    func all<Value>(
        _ name: String, _ read: (PolicyFields) throws(PolicyError) -> Value
    ) throws(PolicyError) -> [Value] {
        guard has(name) else {
            throw error(name, "is missing", remedy: "write [] when there is none")
        }
        var values: [Value] = []
        for fields in try objects(name) { values.append(try read(fields)) }
        return values
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self)
    }
}
