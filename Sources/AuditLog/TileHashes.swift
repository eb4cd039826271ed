/// The hashes of a log's complete subtrees, read from its tiles. A tile is read once.
///
/// A tile holds every eighth level of the tree. The levels between are hashed from it, at most 255 hashes a tile.
package struct TileHashes: HashSource, ~Copyable {
    private let reader: TileReader
    private let size: UInt64
    private var tiles: [TilePath: [TreeHash]] = [:]
    private var hasher = TreeHasher()

    /// - Parameters:
    ///   - reader: of the log's folder.
    ///   - size: of the checkpoint whose tiles are to be read.
    package init(_ reader: TileReader, size: UInt64) {
        self.reader = reader
        self.size = size
    }

    /// How many tiles were read.
    package var tilesRead: Int { tiles.count }

    package mutating func subtree(level: Int, index: UInt64) throws(LogError) -> TreeHash {
        let (tileLevel, height) = level.quotientAndRemainder(dividingBy: 8)
        let first = index << UInt64(height)
        let tile = first / UInt64(TilePath.fullWidth)
        let width = TilePath.width(of: tile, count: TilePath.count(level: tileLevel, size: size))
        let start = Int(first % UInt64(TilePath.fullWidth))
        precondition(start + 1 << height <= width, "a subtree that the log has")
        let path = TilePath(.hashes(tileLevel), index: tile, width: width)
        let hashes = try hashes(path)
        return hasher.fold(hashes[start..<(start + 1 << height)])
    }

    private mutating func hashes(_ path: TilePath) throws(LogError) -> [TreeHash] {
        if let known = tiles[path] { return known }
        let hashes = try reader.hashes(path)
        tiles[path] = hashes
        return hashes
    }
}

extension MerkleTree where Source == TileHashes {
    /// The tree of the first `size` entries of a log's folder.
    package init(_ reader: TileReader, size: UInt64) { self.init(size: size, source: TileHashes(reader, size: size)) }
}
