internal import Measure

/// A text and signatures over it (C2SP signed-note).
package struct SignedNote: Sendable, Equatable {
    /// One signature line. Nothing is known about it before a key has verified it.
    package struct Signature: Sendable, Hashable {
        package let name: ExactText
        package let id: UInt32
        package let bytes: [UInt8]

        package init(name: ExactText, id: UInt32, bytes: [UInt8]) {
            self.name = name
            self.id = id
            self.bytes = bytes
        }

        /// `— name base64(id || signature)` and a newline.
        package var line: [UInt8] {
            let id = (0..<4).map { UInt8(truncatingIfNeeded: self.id >> UInt32(24 - 8 * $0)) }
            return SignedNote.dash + name.bytes + [0x20] + Base64.encode(id + bytes).utf8 + [0x0a]
        }
    }

    /// Ends in a newline.
    package let text: [UInt8]
    package private(set) var signatures: [Signature]

    /// Room for sixteen post-quantum signatures of 5 kB, and some more: the format asks for sixteen signatures at least.
    static let sizeLimit = 256 << 10
    static let signatureLimit = 64
    private static let dash = Array("— ".utf8)

    /// A note that nobody has signed yet.
    package init(text: [UInt8]) {
        self.text = text
        signatures = []
    }

    /// Reads a note. Signatures are not verified here.
    package init(_ note: [UInt8]) throws(LogError) {
        guard note.count <= Self.sizeLimit else {
            throw .malformed("note", "larger than the \(Self.sizeLimit) bytes allowed")
        }
        guard !note.contains(where: { $0 < 0x20 && $0 != 0x0a }), String(validating: note, as: UTF8.self) != nil else {
            throw .malformed("note", "not UTF-8, or with control characters")
        }
        // The text may have empty lines; the last one of the note divides.
        guard let end = (1..<max(1, note.count)).last(where: { note[$0] == 0x0a && note[$0 - 1] == 0x0a }) else {
            throw .malformed("note", "no empty line between text and signatures")
        }
        text = Array(note[..<end])
        signatures = try Self.signatures(note[(end + 1)...])
        guard !signatures.isEmpty else { throw .malformed("note", "without a signature") }
    }

    /// Reads signature lines.
    package static func signatures(_ bytes: some Collection<UInt8>) throws(LogError) -> [Signature] {
        guard bytes.isEmpty || bytes.suffix(1).elementsEqual([0x0a]) else {
            throw .malformed("note", "its last line does not end")
        }
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast()
        guard lines.count <= signatureLimit else {
            throw .malformed("note", "more than the \(signatureLimit) signatures allowed")
        }
        var signatures: [Signature] = []
        for line in lines {
            guard line.starts(with: dash),
                case let parts = line.dropFirst(dash.count).split(separator: 0x20, omittingEmptySubsequences: false),
                parts.count == 2, let name = ExactText(line: parts[0]), name.isKeyName,
                let bytes = Base64.decode(parts[1]), bytes.count > 4
            else { throw .malformed("note", "a signature line is not '— name base64'") }
            let id = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            signatures.append(Signature(name: name, id: id, bytes: Array(bytes.dropFirst(4))))
        }
        return signatures
    }

    package var bytes: [UInt8] { text + [0x0a] + signatures.flatMap(\.line) }

    /// The same note with more signatures; a line that is there already is not repeated.
    package func adding(_ more: [Signature]) -> SignedNote {
        var note = self
        for signature in more where !note.signatures.contains(signature) { note.signatures.append(signature) }
        return note
    }

    /// Verifies the note.
    ///
    /// - Parameter keys: those that the caller trusts.
    /// - Throws: `LogError.badSignature` when one of them did not make a signature that bears its name and id, be the others as
    ///   good as they may; `LogError.unknownKey` when none of them has signed.
    /// - Returns: the keys that have signed, each once.
    package func verified(by keys: [VerifierKey]) throws(LogError) -> Set<VerifierKey> {
        var signers: Set<VerifierKey> = []
        for signature in signatures {
            for key in keys where key.name == signature.name && key.id == signature.id {
                guard key.verifies(signature.bytes, over: text) else { throw .badSignature(key: key.name.description) }
                signers.insert(key)
            }
        }
        guard !signers.isEmpty else {
            throw .unknownKey(keys.map(\.name.description).joined(separator: ", "))
        }
        return signers
    }
}

extension SignedNote {
    /// Signs a text that ends in a newline with an Ed25519 key.
    package init(text: [UInt8], signer: some NoteSigner) throws(LogError) {
        precondition(signer.key.kind == .ed25519, "a cosignature is made by Cosignature")
        precondition(text.last == 0x0a, "a note's text ends in a newline")
        let signature = Signature(name: signer.key.name, id: signer.key.id, bytes: try signer.sign(text))
        self = SignedNote(text: text).adding([signature])
    }
}
