internal import Linux

/// What a writer finds when it opens a log: a new folder, a log that was closed, or what a dead writer left.
///
/// The journal decides. Whatever record of it is whole is completed: its entries may have been acknowledged. Whatever is torn was not.
struct Recovery: ~Copyable {
    let published: SignedCheckpoint?
    /// The first entry of each of the journal's files.
    let files: [UInt64]
    /// Of the tree with every entry of the journal.
    private(set) var frontier: Frontier
    private(set) var head: TreeHead
    private var tiles: TileWriter
    /// Checkpoints that the log must begin with, and who has them.
    private let demands: [(checkpoint: Checkpoint, by: String)]

    /// Reads the folder, checks it, and writes the journal's entries into tiles again.
    ///
    /// - Parameters:
    ///   - folder: the log's, locked.
    ///   - journal: the journal's.
    ///   - key: the log's own.
    ///   - seen: checkpoints that others have of this log.
    /// - Throws: `LogError.wentBackwards`, `.inconsistent`, `.damaged`, or what reading throws.
    /// - Returns: where the log goes on.
    static func run(
        folder: borrowing OwnedDescriptor, journal: borrowing OwnedDescriptor, key: VerifierKey,
        seen: [(checkpoint: Checkpoint, by: String)]
    ) throws(LogError) -> Recovery {
        let reader = TileReader(try system { () throws(LinuxError) in try folder.duplicate() })
        let published = try Self.published(reader, key)
        let remains = try Journal.read(journal)
        let shown = published?.checkpoint.size ?? 0
        let start = remains.files.first ?? shown
        guard start <= shown else { throw .wentBackwards(size: shown, seen: start, by: "the journal") }
        let demands = (published.map { [($0.checkpoint, "the published checkpoint")] } ?? []) + seen
        try Self.check(demands, reader, shown: shown)

        var hasher = TreeHasher()
        var source = TileHashes(reader, size: start)
        let frontier = try Frontier(size: start, source: &source)
        let tileFolder = try system { () throws(LinuxError) in try folder.duplicate() }
        var recovery = Recovery(
            published: published, files: remains.files, frontier: frontier,
            head: TreeHead(size: start, root: frontier.root(&hasher)),
            tiles: try TileWriter(in: tileFolder, size: start), demands: demands)
        for record in remains.records { try recovery.replay(record, &hasher) }
        let end = recovery.frontier.size
        for demand in demands where demand.checkpoint.size > end {
            throw .wentBackwards(size: end, seen: demand.checkpoint.size, by: demand.by)
        }
        LogCrashPoint.replayed.reached()
        return recovery
    }

    private init(
        published: SignedCheckpoint?, files: [UInt64], frontier: Frontier, head: TreeHead, tiles: consuming TileWriter,
        demands: [(checkpoint: Checkpoint, by: String)]
    ) {
        self.published = published
        self.files = files
        self.frontier = frontier
        self.head = head
        self.tiles = tiles
        self.demands = demands
    }

    /// Checkpoints of sizes that are in the tiles, by the tiles on the disk, not by those that the journal will give.
    private static func check(
        _ demands: [(checkpoint: Checkpoint, by: String)], _ reader: TileReader, shown: UInt64
    ) throws(LogError) {
        var tree = MerkleTree(reader, size: shown)
        for demand in demands where demand.checkpoint.size <= shown {
            guard try tree.root(of: demand.checkpoint.size) == demand.checkpoint.root else {
                throw .inconsistent(size: demand.checkpoint.size, with: demand.by)
            }
        }
    }

    /// Gives the writer of tiles away, which stands where the journal ends.
    consuming func takeTiles() -> TileWriter { tiles }

    private static func published(_ reader: TileReader, _ key: VerifierKey) throws(LogError) -> SignedCheckpoint? {
        let bytes: [UInt8]
        do throws(LogError) { bytes = try reader.checkpoint() } catch {
            guard case .missing = error else { throw error }
            return nil
        }
        return try SignedCheckpoint(bytes, log: key)
    }

    private mutating func replay(_ record: JournalRecord, _ hasher: inout TreeHasher) throws(LogError) {
        for entry in record.entries {
            frontier.append(hasher.leaf(entry), &hasher)
            try tiles.append(entry)
            for demand in demands where demand.checkpoint.size == frontier.size {
                guard frontier.root(&hasher) == demand.checkpoint.root else {
                    throw .inconsistent(size: frontier.size, with: demand.by)
                }
            }
        }
        guard frontier.root(&hasher) == record.root else {
            throw .damaged("the journal's root at entry \(record.end) is not that of its entries")
        }
        head = TreeHead(size: record.end, root: record.root)
    }
}
