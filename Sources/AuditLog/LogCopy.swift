package import Linux
internal import SystemPackage

/// An auditor's own copy of a log, which only grows: from the entries that a service shows it derives every tile itself, and takes a
/// checkpoint only for the tree that it has derived.
///
/// A copy that is kept is a monitor: whoever shows it another past than it has seen, or less of it, is found out.
package struct LogCopy: ~Copyable {
    private let folder: OwnedDescriptor
    private var tiles: TileWriter
    /// The newest checkpoint that it has taken; nil in a new copy.
    package private(set) var newest: SignedCheckpoint?

    /// Opens the copy in `folder`, or begins one.
    ///
    /// - Parameters:
    ///   - folder: its own.
    ///   - key: the log's.
    /// - Throws: `LogError` when what is there is no copy of this log.
    package init(in folder: consuming OwnedDescriptor, key: VerifierKey) throws(LogError) {
        let reader = TileReader(try system { () throws(LinuxError) in try folder.duplicate() })
        var found: SignedCheckpoint?
        do throws(LogError) { found = try SignedCheckpoint(reader.checkpoint(), log: key) } catch {
            guard case .missing = error else { throw error }
        }
        let again = try system { () throws(LinuxError) in try folder.duplicate() }
        let written = try Self.tiles(in: again, found)
        self.folder = folder
        tiles = written
        newest = found
    }

    private static func tiles(
        in folder: consuming OwnedDescriptor, _ found: SignedCheckpoint?
    ) throws(LogError) -> TileWriter {
        var tiles = try TileWriter(in: folder, size: found?.checkpoint.size ?? 0)
        let root = tiles.root()
        if let found, root != found.checkpoint.root {
            throw .inconsistent(size: found.checkpoint.size, with: "the copy's own checkpoint")
        }
        return tiles
    }

    /// How many entries it has.
    package var size: UInt64 { tiles.size }

    /// Takes the next entry.
    package mutating func append(_ entry: [UInt8]) throws(LogError) { try tiles.append(entry) }

    /// Takes the checkpoint of the tree that it has now.
    package mutating func take(_ signed: SignedCheckpoint) throws(LogError) {
        if let newest, signed.checkpoint.size < newest.checkpoint.size {
            throw .wentBackwards(size: signed.checkpoint.size, seen: newest.checkpoint.size, by: "your copy")
        }
        precondition(tiles.size == signed.checkpoint.size, "all entries of the checkpoint were appended")
        guard tiles.root() == signed.checkpoint.root else {
            throw .inconsistent(size: newest?.checkpoint.size ?? 0, with: "your copy")
        }
        try tiles.finish()
        var history = try CheckpointHistory(in: folder)
        try history.add(signed, always: true)
        try system { () throws(LinuxError) in
            try DurableFile.publish(signed.note.bytes, as: LogFile.checkpoint, in: folder)
        }
        newest = signed
        try tiles.sweep()
    }
}
