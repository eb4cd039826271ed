extension JSON {
    /// What a document may cost. The parser recurses once a level, so `depth` also bounds the stack.
    package struct Limits: Sendable {
        package let bytes: Int
        package let depth: Int
        package let values: Int

        package init(bytes: Int, depth: Int, values: Int) {
            self.bytes = bytes
            self.depth = depth
            self.values = values
        }

        /// For documents of ours: an AIBoM with the inventory of a whole root file system.
        package static let document = Limits(bytes: 8 << 20, depth: 32, values: 1_000_000)

        /// For what a job or a stranger wrote.
        package static let report = Limits(bytes: 1 << 20, depth: 16, values: 50_000)
    }

    /// Reads one value (RFC 8259) and nothing after it but white space.
    ///
    /// Stricter than the RFC where it leaves a choice: duplicate keys, lone surrogates and a byte order mark are refused.
    ///
    /// - Parameters:
    ///   - bytes: the whole document.
    ///   - limits: checked before anything is allocated for what exceeds them.
    /// - Throws: the first fault, with its line and column.
    /// - Returns: the value, with members in the document's order.
    package static func parse(_ bytes: [UInt8], limits: Limits) throws(JSONError) -> JSON {
        guard bytes.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        var parser = Parser(bytes: bytes, limits: limits)
        return try parser.document()
    }
}

/// Recursive descent over the bytes; one function a production of RFC 8259.
struct Parser {
    let bytes: [UInt8]
    let limits: JSON.Limits
    var index = 0
    private var values = 0

    init(bytes: [UInt8], limits: JSON.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSON {
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw expected("the end of the document") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        skipSpace()
        values += 1
        guard values <= limits.values else { throw .tooManyValues(limit: limits.values, at: position(of: index)) }
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth: try deeper(depth)))
        case UInt8(ascii: "["): return .array(try array(depth: try deeper(depth)))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private func deeper(_ depth: Int) throws(JSONError) -> Int {
        guard depth < limits.depth else { throw .tooDeep(limit: limits.depth, at: position(of: index)) }
        return depth + 1
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        var object = JSONObject()
        index += 1
        skipSpace()
        if take("}") { return object }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw expected("a key") }
            let start = index
            let key = try string()
            skipSpace()
            guard take(":") else { throw expected("':'") }
            let value = try value(depth: depth)
            guard object.insert(value, for: key) else { throw .duplicateKey(key, at: position(of: start)) }
            skipSpace()
            if take("}") { return object }
            guard take(",") else { throw expected("',' or '}'") }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSON] {
        var array: [JSON] = []
        index += 1
        skipSpace()
        if take("]") { return array }
        while true {
            array.append(try value(depth: depth))
            skipSpace()
            if take("]") { return array }
            guard take(",") else { throw expected("',' or ']'") }
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let end = index + word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { end <= bytes.count && bytes[index..<end].elementsEqual($0) }
        guard matches else { throw expected("a value") }
        index = end
        return value
    }

    private mutating func number() throws(JSONError) -> JSON {
        guard let scan = NumberScan(bytes, from: index) else { throw expected("a value") }
        let lexeme = String(decoding: bytes[index..<scan.end], as: UTF8.self)
        let start = index
        index = scan.end
        // "-0" is a number of its own in IEEE 754; as an integer it would come back as "0".
        if scan.isInteger, lexeme != "-0", let integer = Int64(lexeme) { return .integer(integer) }
        guard let decimal = JSONDecimal(lexeme) else { throw .expected("a number", at: position(of: start)) }
        return .decimal(decimal)
    }
}

extension Parser {
    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
    }

    func expected(_ what: String) -> JSONError { .expected(what, at: position(of: index)) }

    func position(of index: Int) -> JSONError.Position {
        let before = bytes[..<index]
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return JSONError.Position(line: before.count { $0 == 0x0a } + 1, column: index - lineStart + 1)
    }
}
