internal import Measure

/// That an entry stands in a log, for whoever has nothing but the log's key (C2SP tlog-proof@v1).
package struct TlogProof: Sendable, Equatable {
    package let index: UInt64
    package let hashes: [TreeHash]
    /// The checkpoint's note, with its cosignatures.
    package let note: SignedNote
    /// Not signed by anybody.
    package let extra: [UInt8]?

    private static let header = "c2sp.org/tlog-proof@v1"
    /// A tree has at most 63 levels.
    private static let hashLimit = 63
    package static let sizeLimit = SignedNote.sizeLimit + (128 << 10)

    /// Makes the proof for entry `index` from a log's tiles.
    ///
    /// - Parameters:
    ///   - index: the entry's number.
    ///   - reader: of the log.
    ///   - signed: a checkpoint that covers it.
    ///   - extra: for the reader; the entry itself, so that a proof needs nothing beside it.
    /// - Throws: `LogError` when the tiles can't be read, or the checkpoint does not cover the entry.
    package init(
        of index: UInt64, in reader: TileReader, under signed: SignedCheckpoint, extra: [UInt8]? = nil
    ) throws(LogError) {
        guard index < signed.checkpoint.size else {
            throw .malformed(
                "proof", "the checkpoint covers \(signed.checkpoint.size) entries, and entry \(index) is not among them"
            )
        }
        var tree = MerkleTree(reader, size: signed.checkpoint.size)
        self.index = index
        hashes = try tree.inclusionProof(of: index)
        note = signed.note
        self.extra = extra
    }

    /// Reads a proof. Nothing is verified here.
    package init(_ bytes: [UInt8]) throws(LogError) {
        guard bytes.count <= Self.sizeLimit else { throw .malformed("proof", "larger than \(Self.sizeLimit) bytes") }
        guard let end = (1..<max(1, bytes.count)).first(where: { bytes[$0] == 0x0a && bytes[$0 - 1] == 0x0a }) else {
            throw .malformed("proof", "has no empty line before the checkpoint")
        }
        var lines = bytes[..<(end - 1)].split(separator: 0x0a, omittingEmptySubsequences: false)[...]
        guard lines.popFirst()?.elementsEqual(Self.header.utf8) == true else {
            throw .malformed("proof", "does not begin with \(Self.header)")
        }
        if let line = lines.first, line.starts(with: "extra ".utf8) {
            guard let extra = Base64.decode(line.dropFirst(6)) else {
                throw .malformed("proof", "its extra data is no base64")
            }
            self.extra = extra
            lines.removeFirst()
        } else {
            extra = nil
        }
        guard let line = lines.popFirst(), line.starts(with: "index ".utf8),
            let index = Decimal.parse(line.dropFirst(6))
        else {
            throw .malformed("proof", "has no line 'index' with a decimal number")
        }
        guard lines.count <= Self.hashLimit else { throw .malformed("proof", "more than \(Self.hashLimit) hashes") }
        var hashes: [TreeHash] = []
        for line in lines {
            guard let hash = TreeHash(base64: line) else {
                throw .malformed("proof", "a hash is not the base64 of 32 bytes")
            }
            hashes.append(hash)
        }
        self.index = index
        self.hashes = hashes
        note = try SignedNote(Array(bytes[(end + 1)...]))
    }

    package var bytes: [UInt8] {
        var text = "\(Self.header)\n"
        if let extra { text += "extra \(Base64.encode(extra))\n" }
        text += "index \(index)\n"
        for hash in hashes { text += "\(hash.base64)\n" }
        return Array(text.utf8) + [0x0a] + note.bytes
    }

    /// Checks the hashes only: that they lead from `entry` to the checkpoint's root, whoever has signed it.
    ///
    /// - Parameter entry: its bytes.
    /// - Throws: `LogError` when they do not.
    /// - Returns: the checkpoint, signed by nobody knows whom.
    package func verifyPath(of entry: [UInt8]) throws(LogError) -> Checkpoint {
        let checkpoint = try Checkpoint(text: note.text)
        var hasher = TreeHasher()
        guard
            MerkleProof.verifyInclusion(
                of: hasher.leaf(entry), at: index, size: checkpoint.size, root: checkpoint.root, proof: hashes)
        else {
            throw .malformed(
                "proof", "its hashes do not lead from the entry to the checkpoint's root: the entry is another one")
        }
        return checkpoint
    }

    /// Verifies that the log says `entry` is in it.
    ///
    /// - Parameters:
    ///   - entry: its bytes.
    ///   - log: the log's key.
    ///   - witnesses: of whom any may have cosigned.
    /// - Throws: `LogError` when the checkpoint's signatures do not hold, or the hashes do not lead from the entry to its root.
    /// - Returns: the checkpoint, with who has signed it; whether that is enough is the policy's to say.
    @discardableResult
    package func verify(
        entry: [UInt8], log: VerifierKey, witnesses: [VerifierKey] = []
    ) throws(LogError) -> SignedCheckpoint {
        let signed = try SignedCheckpoint(note.bytes, log: log, witnesses: witnesses)
        _ = try verifyPath(of: entry)
        return signed
    }
}
