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
}
