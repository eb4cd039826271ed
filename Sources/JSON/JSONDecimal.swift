/// A number kept as its text, so that a document rendered again says what it said.
package struct JSONDecimal: Sendable, Hashable, CustomStringConvertible {
    /// The text: always a number by the grammar of RFC 8259, section 6.
    package let lexeme: String

    /// Takes `lexeme` when all of it is one number.
    package init?(_ lexeme: String) {
        let bytes = Array(lexeme.utf8)
        guard let number = NumberScan(bytes, from: 0), number.end == bytes.count else { return nil }
        self.lexeme = lexeme
    }

    /// The shortest text that reads back as `value`; nil for what JSON has no number for.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.init(value.description)
    }

    package var doubleValue: Double? {
        guard let value = Double(lexeme), value.isFinite else { return nil }
        return value
    }

    package var description: String { lexeme }
}

/// How far a number reaches, and whether it is written as an integer.
struct NumberScan {
    let end: Int
    let isInteger: Bool

    /// Scans `[ minus ] int [ frac ] [ exp ]` (RFC 8259, section 6); nil when no number starts at `start`.
    init?(_ bytes: [UInt8], from start: Int) {
        var index = start
        func at(_ character: Unicode.Scalar) -> Bool { index < bytes.count && bytes[index] == UInt8(ascii: character) }
        func digits() -> Bool {
            let first = index
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
            return index > first
        }

        if at("-") { index += 1 }
        if at("0") { index += 1 } else { guard digits() else { return nil } }
        var isInteger = true
        if at(".") {
            index += 1
            isInteger = false
            guard digits() else { return nil }
        }
        if at("e") || at("E") {
            index += 1
            isInteger = false
            if at("+") || at("-") { index += 1 }
            guard digits() else { return nil }
        }
        end = index
        self.isInteger = isInteger
    }
}
