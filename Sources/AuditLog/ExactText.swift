/// A name that equals only its own bytes: `String` takes differently composed twins (NFC, NFD) for one name.
package struct ExactText: Sendable, Hashable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
    package let bytes: [UInt8]

    package init(_ text: String) { bytes = Array(text.utf8) }
    init(bytes: [UInt8]) { self.bytes = bytes }
    package init(stringLiteral text: String) { self.init(text) }

    /// Takes bytes that are UTF-8 without control characters; nil for others, and for none.
    init?(line bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard !bytes.isEmpty, !bytes.contains(where: { $0 < 0x20 }), String(validating: bytes, as: UTF8.self) != nil
        else { return nil }
        self.bytes = bytes
    }

    package var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether a key may have this name (C2SP signed-note): one word, without the `+` that divides a verifier key.
    var isKeyName: Bool {
        !bytes.isEmpty && !bytes.contains(UInt8(ascii: "+"))
            && !description.unicodeScalars.contains { $0.properties.isWhitespace || $0.value < 0x20 }
    }

    package static func < (left: ExactText, right: ExactText) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
