/// In which line of a JSON text each value begins.
///
/// The codec keeps no positions, and only errors need them, so a second, lenient walk over a text that was parsed already
/// finds them. What it can't follow it leaves out.
package struct JSONLines: Sendable {
    private var lines: [String: Int] = ["": 1]

    package init(_ bytes: [UInt8]) {
        var walk = Walk(bytes: bytes)
        walk.value("", depth: 0, into: &lines)
    }

    /// The line of the value at `pointer`, or of the nearest one that holds it: a field that is missing has no line.
    package func line(of pointer: String) -> Int {
        var pointer = pointer
        while true {
            if let line = lines[pointer] { return line }
            guard let parent = JSONPointer.parent(pointer) else { return 1 }
            pointer = parent
        }
    }

    private struct Walk {
        let bytes: [UInt8]
        var index = 0
        var line = 1

        private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

        mutating func value(_ pointer: String, depth: Int, into lines: inout [String: Int]) {
            skipSpace()
            lines[pointer] = line
            guard depth < 64 else { return index = bytes.count }
            switch next {
            case UInt8(ascii: "{"):
                elements(until: UInt8(ascii: "}")) { walk, _ in
                    guard let key = walk.key() else { return false }
                    walk.skipSpace()
                    guard walk.take(UInt8(ascii: ":")) else { return false }
                    walk.value("\(pointer)/\(JSONPointer.escaped(key))", depth: depth + 1, into: &lines)
                    return true
                }
            case UInt8(ascii: "["):
                elements(until: UInt8(ascii: "]")) { walk, position in
                    walk.value("\(pointer)/\(position)", depth: depth + 1, into: &lines)
                    return true
                }
            case UInt8(ascii: "\""): _ = string()
            default: while let byte = next, !",]} \t\r\n".utf8.contains(byte) { index += 1 }
            }
        }

        private mutating func elements(until end: UInt8, _ element: (inout Walk, Int) -> Bool) {
            index += 1
            skipSpace()
            var position = 0
            while next != nil, !take(end) {
                let start = index
                guard element(&self, position) else { return index = bytes.count }
                position += 1
                skipSpace()
                guard take(UInt8(ascii: ",")) || next == end, index > start else { return index = bytes.count }
                skipSpace()
            }
        }

        private mutating func key() -> String? {
            guard let text = string() else { return nil }
            return try? JSON.parse(text, limits: .init(bytes: 1 << 20, depth: 1, values: 1)).stringValue
        }

        /// The string that begins here, with its quotes.
        private mutating func string() -> [UInt8]? {
            guard next == UInt8(ascii: "\"") else { return nil }
            let start = index
            index += 1
            while let byte = next, byte != UInt8(ascii: "\"") { index += byte == UInt8(ascii: "\\") ? 2 : 1 }
            guard next != nil else { return nil }
            index += 1
            return Array(bytes[start..<index])
        }

        private mutating func skipSpace() {
            while let byte = next, " \t\r\n".utf8.contains(byte) {
                if byte == UInt8(ascii: "\n") { line += 1 }
                index += 1
            }
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard next == byte else { return false }
            index += 1
            return true
        }
    }
}
