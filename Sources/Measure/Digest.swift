/// A SHA-256 digest (FIPS 180-4).
package struct Digest: Sendable, Hashable, CustomStringConvertible {
    package static let length = 32

    /// Exactly `length` bytes.
    package let bytes: [UInt8]

    /// Takes exactly 32 bytes; nil for any other number of them.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Digest.length else { return nil }
        self.bytes = bytes
    }

    init(finished bytes: [UInt8]) {
        precondition(bytes.count == Digest.length, "SHA-256 yields 32 bytes")
        self.bytes = bytes
    }

    /// Reads 64 lower-case hexadecimal digits. Upper case is refused: a digest has one spelling, also as a file name.
    package init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 2 * Digest.length else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Digest.length)
        for pair in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Digest.value(of: digits[pair]), let low = Digest.value(of: digits[pair + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    package var description: String { hex }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
