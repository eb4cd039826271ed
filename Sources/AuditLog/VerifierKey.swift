internal import Measure

/// A public key with the name it signs under: a vkey, `name+hex(id)+base64(type || key)` (C2SP signed-note).
package struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
    /// What a key signs. Other types are refused here and passed over in notes.
    package enum Kind: UInt8, Sendable {
        /// Ed25519 over a note's text.
        case ed25519 = 0x01
        /// Ed25519 over a checkpoint and a time (C2SP tlog-cosignature).
        case cosignature = 0x04
    }

    package let name: ExactText
    package let kind: Kind
    package let publicKey: [UInt8]
    /// The first four bytes of `SHA256(name || 0x0A || type || key)`: a hint, which a stranger's key may share.
    package let id: UInt32

    package init(name: ExactText, kind: Kind, publicKey: [UInt8]) throws(LogError) {
        guard name.isKeyName else {
            throw .malformed(
                "verifier key", "name \(name) is empty or holds a space or a '+'; use a name like example.com/log")
        }
        guard publicKey.count == Ed25519.publicKeyLength else {
            throw .malformed(
                "verifier key", "its key has \(publicKey.count) bytes instead of \(Ed25519.publicKeyLength)")
        }
        self.name = name
        self.kind = kind
        self.publicKey = publicKey
        id = Digest.of(name.bytes + [0x0a, kind.rawValue] + publicKey).bytes.prefix(4)
            .reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads the text form; its id must be the key's own.
    package init(_ text: String) throws(LogError) {
        let parts = Array(text.utf8).split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = ExactText(line: parts[0]) else {
            throw .malformed("verifier key", "not of the form name+id+key")
        }
        guard let material = Base64.decode(parts[2]), let type = material.first, let kind = Kind(rawValue: type) else {
            throw .malformed("verifier key", "its type is neither 1 (Ed25519) nor 4 (cosignature)")
        }
        try self.init(name: name, kind: kind, publicKey: Array(material.dropFirst()))
        guard parts[1].elementsEqual(hexID.utf8) else {
            throw .malformed("verifier key", "its id is not \(hexID), which its name and key give: it was mistyped")
        }
    }

    package var description: String { "\(name)+\(hexID)+\(Base64.encode([kind.rawValue] + publicKey))" }

    private var hexID: String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Whether a signature was made by this key over a note's text.
    func verifies(_ signature: [UInt8], over text: [UInt8]) -> Bool {
        switch kind {
        case .ed25519: Ed25519.verify(signature, over: text, by: publicKey)
        case .cosignature: Cosignature(signature).map { $0.verify(over: text, by: publicKey) } ?? false
        }
    }
}
