package import Measure

/// What a token's holder sends: `aibom_` and 43 characters of base64url, 256 random bits.
///
/// It is shown once, when it is made. What is kept is its SHA-256: whoever reads the database can't send what was hashed, and
/// with 256 random bits there is nothing to guess, so no slow hash and no salt is needed. It prints as `aibom_…`, so that no log
/// and no error can have it by accident.
package struct TokenText: Sendable {
    private static let prefix = Array("aibom_".utf8)
    package static let secretBytes = 32
    private static let secretCharacters = 43

    private let bytes: [UInt8]

    /// - Parameter secret: 32 bytes that nobody can guess.
    package init(secret: [UInt8]) {
        precondition(secret.count == TokenText.secretBytes, "a token has 256 bits")
        bytes = TokenText.prefix + TokenText.base64URL(secret)
    }

    /// Reads the one spelling that a token has; nil for any other text.
    package init?(_ text: String) {
        guard text.utf8.count == TokenText.prefix.count + TokenText.secretCharacters,
            text.utf8.starts(with: TokenText.prefix)
        else { return nil }
        let secret = text.utf8.dropFirst(TokenText.prefix.count)
        // 43 characters have two bits more than 32 bytes; those are zero.
        guard secret.allSatisfy({ TokenText.alphabet.contains($0) }),
            let last = secret.last.flatMap({ TokenText.alphabet.firstIndex(of: $0) }), last.isMultiple(of: 4)
        else { return nil }
        bytes = Array(text.utf8)
    }

    package var digest: Digest { Digest.of(bytes) }

    /// The text itself, for its holder and nobody else.
    package var revealed: String { String(decoding: bytes, as: UTF8.self) }

    /// RFC 4648, section 5, without padding.
    private static func base64URL(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            (bits, count) = (bits << 8 | UInt32(byte), count + 8)
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> count & 0x3f)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << (6 - count) & 0x3f)]) }
        return text
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
}

extension TokenText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "aibom_…" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
