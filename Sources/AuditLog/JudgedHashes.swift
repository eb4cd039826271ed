/// The hashes of whichever tree gives the signed root.
struct JudgedHashes: HashSource, ~Copyable {
    private var derived: DerivedHashes
    private var tiles: TileHashes
    private let usesTiles: Bool

    init(_ derived: consuming DerivedHashes, _ tiles: consuming TileHashes, _ authority: LogVerifier.Authority) {
        self.derived = derived
        self.tiles = tiles
        usesTiles = authority == .tiles
    }

    mutating func subtree(level: Int, index: UInt64) throws(LogError) -> TreeHash {
        usesTiles ? try tiles.subtree(level: level, index: index) : try derived.subtree(level: level, index: index)
    }
}
