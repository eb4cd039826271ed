/// The size and root of a log at one moment: the text of a note (C2SP tlog-checkpoint).
package struct Checkpoint: Sendable, Hashable {
    /// The log's name, its first line.
    package let origin: ExactText
    package let size: UInt64
    package let root: TreeHash
    /// Further lines, which we never write.
    package let extensions: [ExactText]

    package init(origin: ExactText, size: UInt64, root: TreeHash) {
        self.origin = origin
        self.size = size
        self.root = root
        extensions = []
    }

    /// The one that every log begins with: of no entries.
    package static func empty(_ origin: ExactText) -> Checkpoint {
        Checkpoint(origin: origin, size: 0, root: TreeHasher.emptyRoot)
    }

    /// Reads a note's text.
    package init(text: [UInt8]) throws(LogError) {
        guard text.last == 0x0a else { throw .malformed("checkpoint", "its last line does not end") }
        let lines = text.dropLast().split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count >= 3 else { throw .malformed("checkpoint", "fewer than three lines") }
        guard let origin = ExactText(line: lines[0]) else { throw .malformed("checkpoint", "an empty origin") }
        guard let size = Decimal.parse(lines[1]), size <= UInt64(Int64.max) else {
            throw .malformed("checkpoint", "its size is no decimal number, or too large")
        }
        guard let root = TreeHash(base64: lines[2]) else {
            throw .malformed("checkpoint", "its root is not the base64 of 32 bytes")
        }
        var extensions: [ExactText] = []
        for line in lines.dropFirst(3) {
            guard let line = ExactText(line: line) else { throw .malformed("checkpoint", "an empty extension line") }
            extensions.append(line)
        }
        guard size > 0 || root == TreeHasher.emptyRoot else {
            throw .malformed("checkpoint", "size 0 with a root that is not the empty tree's")
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    package var text: [UInt8] {
        var text = origin.bytes + Array("\n\(size)\n\(root.base64)\n".utf8)
        for line in extensions { text += line.bytes + [0x0a] }
        return text
    }
}

/// A checkpoint with the note that carries it, verified.
package struct SignedCheckpoint: Sendable, Equatable {
    package let checkpoint: Checkpoint
    package let note: SignedNote
    /// Which of the keys asked for have signed.
    package let signers: Set<VerifierKey>

    /// Signs a checkpoint; the key's name must be the log's origin.
    init(_ checkpoint: Checkpoint, signer: some NoteSigner) throws(LogError) {
        try self.init(GrowthClaim(checkpoint, after: nil, proof: []), signer: signer)
    }

    /// Has a checkpoint signed by who is shown that the log only grew.
    init(_ claim: GrowthClaim, signer: some NoteSigner) throws(LogError) {
        checkpoint = claim.checkpoint
        precondition(signer.key.name == checkpoint.origin, "a log's key has the log's name")
        note = SignedNote(text: checkpoint.text).adding([
            .init(name: signer.key.name, id: signer.key.id, bytes: try signer.sign(claim))
        ])
        signers = [signer.key]
    }

    /// Reads and verifies a checkpoint.
    ///
    /// - Parameters:
    ///   - bytes: of the note.
    ///   - log: the log's key; its name must be the checkpoint's origin, and it must have signed.
    ///   - witnesses: keys of which any may have signed.
    /// - Throws: `LogError.malformed`, `.badSignature` or `.unknownKey`.
    package init(_ bytes: [UInt8], log: VerifierKey, witnesses: [VerifierKey] = []) throws(LogError) {
        let note = try SignedNote(bytes)
        let checkpoint = try Checkpoint(text: note.text)
        let signers = try note.verified(by: [log] + witnesses)
        guard signers.contains(log), checkpoint.origin == log.name else {
            throw .unknownKey("\(log.name), the log's own key")
        }
        self.checkpoint = checkpoint
        self.note = note
        self.signers = signers
    }
}
