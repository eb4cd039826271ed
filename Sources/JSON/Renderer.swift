extension JSON {
    /// The one form of the value in RFC 8785 (JCS), for digests: keys by UTF-16 code unit, no white space.
    ///
    /// Restricted to strings and to integers that a double holds exactly: how a double is printed differs between
    /// languages more often than any other part of that RFC.
    ///
    /// - Throws: `JSONError.notCanonical` for any other number.
    package func canonicalBytes() throws(JSONError) -> [UInt8] {
        try checkCanonicalNumbers()
        var renderer = Renderer(sorted: true, indented: false)
        renderer.render(self, level: 0)
        return renderer.bytes
    }

    /// Members in their order, two spaces a level, a final newline: for documents that people also read.
    package func prettyBytes() -> [UInt8] {
        var renderer = Renderer(sorted: false, indented: true)
        renderer.render(self, level: 0)
        return renderer.bytes + [0x0a]
    }

    /// Members in their order, on one line, no final newline: for streams.
    package func compactBytes() -> [UInt8] {
        var renderer = Renderer(sorted: false, indented: false)
        renderer.render(self, level: 0)
        return renderer.bytes
    }

    private func checkCanonicalNumbers() throws(JSONError) {
        switch self {
        case .null, .bool, .string: break
        case .integer(let value):
            guard value.magnitude < 1 << 53 else { throw .notCanonical(number: String(value)) }
        case .decimal(let value): throw .notCanonical(number: value.lexeme)
        case .array(let elements): for element in elements { try element.checkCanonicalNumbers() }
        case .object(let object): for member in object.members { try member.value.checkCanonicalNumbers() }
        }
    }
}

extension JSON: CustomStringConvertible {
    package var description: String { String(decoding: compactBytes(), as: UTF8.self) }
}

private struct Renderer {
    let sorted: Bool
    let indented: Bool
    var bytes: [UInt8] = []

    init(sorted: Bool, indented: Bool) {
        self.sorted = sorted
        self.indented = indented
    }

    mutating func render(_ value: JSON, level: Int) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .decimal(let value): bytes += value.lexeme.utf8
        case .string(let value): render(value)
        case .array(let elements):
            list("[", "]", elements, level: level) { renderer, element in
                renderer.render(element, level: level + 1)
            }
        case .object(let object):
            list("{", "}", sorted ? inCanonicalOrder(object.members) : object.members, level: level) {
                renderer, member in
                renderer.render(member.key)
                renderer.bytes += (renderer.indented ? ": " : ":").utf8
                renderer.render(member.value, level: level + 1)
            }
        }
    }

    /// RFC 8785, section 3.2.3: as arrays of UTF-16 code units, without regard to locale.
    private func inCanonicalOrder(_ members: [JSONObject.Member]) -> [JSONObject.Member] {
        members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
    }

    private mutating func list<Item>(
        _ opening: String, _ closing: String, _ items: [Item], level: Int, _ item: (inout Renderer, Item) -> Void
    ) {
        bytes += opening.utf8
        for (index, element) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newLine(level + 1)
            item(&self, element)
        }
        if !items.isEmpty { newLine(level) }
        bytes += closing.utf8
    }

    private mutating func newLine(_ level: Int) {
        guard indented else { return }
        bytes.append(0x0a)
        bytes += repeatElement(0x20, count: 2 * level)
    }

    /// A string with the escapes of RFC 8785, section 3.2.2.2, and no others.
    private mutating func render(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += #"\""#.utf8
            case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
            case 0x08: bytes += #"\b"#.utf8
            case 0x09: bytes += #"\t"#.utf8
            case 0x0a: bytes += #"\n"#.utf8
            case 0x0c: bytes += #"\f"#.utf8
            case 0x0d: bytes += #"\r"#.utf8
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes += (#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
