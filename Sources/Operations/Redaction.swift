/// Keeps secrets out of logs: by the name that a value has, and by the form of our own.
package enum Redaction {
    package static let mark = "(withheld)"

    /// Whether a value of this name may be a secret, wherever it comes from.
    package static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return words.contains(where: name.contains)
    }

    private static let words = ["authorization", "token", "secret", "password", "passphrase", "cookie", "signature"]

    /// `text` without bearer tokens and the signatures of links: the rest of the word after each of these is taken out.
    package static func text(_ text: String) -> String {
        var text = text
        for beginning in ["aibom_", "Bearer ", "bearer ", "signature="] where text.contains(beginning) {
            text = replacingWords(after: beginning, in: text)
        }
        return text
    }

    private static func replacingWords(after beginning: String, in text: String) -> String {
        var clean = ""
        var rest = text[...]
        while let found = rest.firstRange(of: beginning) {
            clean += rest[..<found.upperBound]
            let secret = rest[found.upperBound...].prefix(while: isOfWord)
            // Shorter than any secret: a name such as aibom_test.
            clean += secret.utf8.count < 16 ? String(secret) : mark
            rest = rest[secret.endIndex...]
        }
        return clean + rest
    }

    private static func isOfWord(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-._~+/=".contains(character))
    }
}
