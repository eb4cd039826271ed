package import Linux

/// The tiles of a tree of made-up entries, without bundles: to measure proofs in a tree that is too large to append in a benchmark.
package struct TileTree {
    private let size: UInt64
    private let root: TreeHash

    /// Writes the tiles of the tree of `size` entries below `folder`.
    package init(of size: UInt64, in folder: consuming OwnedDescriptor) throws(LogError) {
        var tiles = TileWriter(hashesOnlyIn: folder)
        for index in 0..<size { try tiles.append(Self.entry(index)) }
        try tiles.writePartials()
        self.size = size
        root = tiles.root()
    }

    /// The entry number `index`.
    package static func entry(_ index: UInt64) -> [UInt8] { Swift.withUnsafeBytes(of: index.bigEndian) { Array($0) } }

    /// The checkpoint of the tree.
    package func sign(with signer: some NoteSigner) throws(LogError) -> SignedCheckpoint {
        let checkpoint = Checkpoint(origin: signer.key.name, size: size, root: root)
        return try SignedCheckpoint(checkpoint, signer: signer)
    }
}
