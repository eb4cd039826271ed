internal import COpenSSL

/// Base64 of RFC 4648, section 4, by OpenSSL.
package enum Base64 {
    package static func encode(_ bytes: [UInt8]) -> String {
        // EVP_EncodeBlock writes a NUL after the text.
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text[..<Int(count)], as: UTF8.self)
    }

    /// Reads the one spelling that `encode` writes; nil for any other, such as white space or left-over bits: what is signed
    /// in base64 must not have two texts.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let text = Array(text)
        guard text.count % 4 == 0, !text.isEmpty else { return text.isEmpty ? [] : nil }
        var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
        let count = EVP_DecodeBlock(&bytes, text, Int32(text.count))
        guard count == bytes.count else { return nil }
        // EVP_DecodeBlock counts padding as bytes.
        let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
        bytes.removeLast(padding)
        return encode(bytes).utf8.elementsEqual(text) ? bytes : nil
    }
}
