/// Bytes that somebody else chose, made safe to print.
package enum Display {
    /// `name` with everything but printable ASCII escaped, so that no name can forge a log line or move a cursor.
    package static func name(_ name: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in name {
            switch byte {
            case UInt8(ascii: "\\"): text += [byte, byte]
            case 0x20..<0x7f: text.append(byte)
            default: text += [UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `text` with its lines and letters as they are, and everything escaped that would do something to a terminal:
    /// controls but tab and line feed, what is invisible or turns the writing direction, and what is not UTF-8.
    package static func text(_ text: [UInt8]) -> String {
        var shown = ""
        var rest = text[...]
        while !rest.isEmpty {
            var decoder = UTF8()
            var bytes = rest.makeIterator()
            guard case .scalarValue(let scalar) = decoder.decode(&bytes) else {
                shown += name([rest.removeFirst()])
                continue
            }
            let width = UTF8.width(scalar)
            shown += isPlain(scalar) ? String(scalar) : name(Array(rest.prefix(width)))
            rest = rest.dropFirst(width)
        }
        return shown
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar == "\n" || scalar == "\t"
        case .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
