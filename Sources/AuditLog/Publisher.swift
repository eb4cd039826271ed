internal import Linux

/// Brings what is durable in the journal into the log's folder, where readers see it.
struct Publisher: ~Copyable {
    private let folder: OwnedDescriptor
    private var tiles: TileWriter
    private var history: CheckpointHistory
    private let signer: any NoteSigner
    private let headFile: HeadFile?
    /// The newest checkpoint in the folder; nil in a new log until its first.
    private(set) var published: SignedCheckpoint?
    /// A fault of the disk, after which it is not known what is where.
    private var fault: LogError?

    init(
        folder: consuming OwnedDescriptor, tiles: consuming TileWriter, history: consuming CheckpointHistory,
        signer: any NoteSigner, headFile: HeadFile?, published: SignedCheckpoint?
    ) {
        self.folder = folder
        self.tiles = tiles
        self.history = history
        self.signer = signer
        self.headFile = headFile
        self.published = published
    }

    /// Publishes the tree that ends with `entries`.
    ///
    /// The order is the point; each step is on the disk before the next begins:
    /// 1. bundles and tiles: a checkpoint never names one that is not there;
    /// 2. the signature: what is signed is durable twice, in the journal and in the tiles, so no crash can make us sign another tree of
    ///    this size;
    /// 3. the head, in another folder: from now on an older copy of the log is refused at the start;
    /// 4. the checkpoint, by rename: readers see the old one or the new one;
    /// 5. what is not needed any more goes.
    /// A crash between any two leaves a folder whose checkpoint holds, and a journal from which the rest is done again with the same
    /// bytes (Ed25519 signs a text in one way only).
    ///
    /// - Parameters:
    ///   - entries: those after the published ones, all of them in the journal.
    ///   - head: of the tree with them.
    ///   - keep: whether the checkpoint goes into the history whatever the time.
    /// - Throws: `LogError`. After a fault of the signer the same call may be made again, with entries that are new since.
    mutating func publish(_ entries: [[UInt8]], head: TreeHead, keep: Bool) throws(LogError) {
        if let fault { throw fault }
        do throws(LogError) {
            for entry in entries { try tiles.append(entry) }
            try publish(head, keep: keep)
        } catch {
            if !error.isOfSigner { fault = error }
            throw error
        }
    }

    /// Publishes nothing any more.
    mutating func end() { fault = fault ?? .closed }

    private mutating func publish(_ head: TreeHead, keep: Bool) throws(LogError) {
        if let published, published.checkpoint.size == tiles.size {
            if keep { try history.add(published, always: true) }
            return
        }
        try tiles.finish()
        guard tiles.size == head.size, tiles.root() == head.root else {
            throw .damaged("journal and tiles do not give the same root at entry \(head.size)")
        }
        let checkpoint = Checkpoint(origin: signer.key.name, size: head.size, root: head.root)
        let last = signer.last ?? published?.note
        let claim = GrowthClaim(checkpoint, after: last, proof: try proof(of: checkpoint, after: last))
        let signed = try SignedCheckpoint(claim, signer: signer)
        LogCrashPoint.signed.reached()
        try headFile?.record(signed)
        LogCrashPoint.headRecorded.reached()
        try system { () throws(LinuxError) in
            try DurableFile.publish(signed.note.bytes, as: LogFile.checkpoint, in: folder)
        }
        LogCrashPoint.published.reached()
        published = signed
        try history.add(signed, always: keep)
        try tiles.sweep()
    }

    /// That a checkpoint, whose tiles are on the disk, extends the one that was signed last.
    private borrowing func proof(of checkpoint: Checkpoint, after last: SignedNote?) throws(LogError) -> [TreeHash] {
        guard let last, case let size = try Checkpoint(text: last.text).size, size > 0 else { return [] }
        guard size <= checkpoint.size else {
            throw .wentBackwards(size: checkpoint.size, seen: size, by: "the signer")
        }
        let reader = TileReader(try system { () throws(LinuxError) in try folder.duplicate() })
        var tree = MerkleTree(reader, size: checkpoint.size)
        return try tree.consistencyProof(from: size)
    }
}
