/// What a signer of checkpoints is shown before it signs one: the checkpoint, the one before with its own signature, and why the first
/// extends the second.
///
/// A signer has no files. Its own signature is its memory: whoever wants a checkpoint signed has to show one that it signed before.
package struct GrowthClaim: Sendable, Equatable {
    package let checkpoint: Checkpoint
    /// The newest one that was signed; nil for the first of a log, which is of an empty tree.
    package let last: SignedNote?
    /// That `checkpoint` begins with all entries of `last`.
    package let proof: [TreeHash]

    private static let hashLimit = 63
    package static let sizeLimit = SignedNote.sizeLimit + (16 << 10)

    package init(_ checkpoint: Checkpoint, after last: SignedNote?, proof: [TreeHash]) {
        self.checkpoint = checkpoint
        self.last = last
        self.proof = proof
    }

    /// The hashes, one a line, an empty line, the checkpoint's text, an empty line, the note of the one before.
    package var bytes: [UInt8] {
        let hashes = proof.map { "\($0.base64)\n" }.joined()
        return Array("\(hashes)\n".utf8) + checkpoint.text + [0x0a] + (last?.bytes ?? [])
    }

    package init(_ bytes: [UInt8]) throws(LogError) {
        guard bytes.count <= Self.sizeLimit else { throw .malformed("claim", "larger than \(Self.sizeLimit) bytes") }
        guard let middle = Self.emptyLine(bytes, from: 0), let end = Self.emptyLine(bytes, from: middle + 1) else {
            throw .malformed("claim", "has no two empty lines")
        }
        let lines = bytes[..<middle].split(separator: 0x0a)
        guard lines.count <= Self.hashLimit else { throw .malformed("claim", "more than \(Self.hashLimit) hashes") }
        var proof: [TreeHash] = []
        for line in lines {
            guard let hash = TreeHash(base64: line) else {
                throw .malformed("claim", "a hash is not the base64 of 32 bytes")
            }
            proof.append(hash)
        }
        self.proof = proof
        checkpoint = try Checkpoint(text: Array(bytes[(middle + 1)..<end]))
        last = end + 1 < bytes.count ? try SignedNote(Array(bytes[(end + 1)...])) : nil
    }

    /// Where the next line begins that is empty; it may be the first of all.
    private static func emptyLine(_ bytes: [UInt8], from start: Int) -> Int? {
        (start..<max(start, bytes.count)).first { bytes[$0] == 0x0a && ($0 == start || bytes[$0 - 1] == 0x0a) }
    }

    /// Judges the claim.
    ///
    /// - Parameters:
    ///   - publicKey: the signer's own, of Ed25519.
    ///   - remembered: what it signed last in its life; nil before the first.
    /// - Throws: `LogError.inconsistent` or `.wentBackwards` when the checkpoint is no extension of what was signed, `.malformed`,
    ///   `.badSignature` or `.unknownKey` when what is shown for it was not.
    package func check(publicKey: [UInt8], remembered: Checkpoint?) throws(LogError) {
        if let remembered, checkpoint == remembered { return }  // the same text has the same signature
        guard checkpoint.extensions.isEmpty else { throw .malformed("claim", "a checkpoint with extension lines") }
        let key = try VerifierKey(name: checkpoint.origin, kind: .ed25519, publicKey: publicKey)
        let old = try last.map { note throws(LogError) in try SignedCheckpoint(note.bytes, log: key).checkpoint }
        if let remembered, old != remembered {
            throw .inconsistent(size: remembered.size, with: "the checkpoint that was signed last")
        }
        let (size, root) = (old?.size ?? 0, old?.root ?? TreeHasher.emptyRoot)
        guard old != nil || checkpoint.size == 0 else {
            throw .malformed("claim", "the first checkpoint of a log is of no entries, and no earlier one is shown")
        }
        guard checkpoint.size >= size else {
            throw .wentBackwards(size: checkpoint.size, seen: size, by: "the signer")
        }
        guard
            MerkleProof.verifyConsistency(
                from: size, root: root, to: checkpoint.size, root: checkpoint.root, proof: proof)
        else { throw .inconsistent(size: size, with: "the checkpoint that was signed last") }
    }
}
