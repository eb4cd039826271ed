package import Linux
internal import SystemPackage

/// A log's folder, read by descriptor: no link in it is followed, and nothing outside of it is opened.
///
/// Nothing that it reads is trusted: who uses a hash checks it against a checkpoint.
package final class TileReader: Sendable {
    private let folder: OwnedDescriptor

    package init(_ folder: consuming OwnedDescriptor) { self.folder = folder }

    /// Opens the folder at `path`.
    package convenience init(path: String) throws(LogError) {
        self.init(try system { () throws(LinuxError) in try OwnedDescriptor.open(path, flags: LogFlags.folder) })
    }

    /// The published checkpoint's bytes.
    package func checkpoint() throws(LogError) -> [UInt8] {
        try read(LogFile.checkpoint, limit: SignedNote.sizeLimit)
    }

    /// A tile's hashes, `path.width` of them.
    package func hashes(_ path: TilePath) throws(LogError) -> [TreeHash] {
        let (bytes, source) = try widest(path, limit: TilePath.fullWidth * TreeHash.length)
        guard let hashes = [TreeHash](concatenated: bytes), hashes.count >= path.width,
            source != path || hashes.count == path.width
        else {
            throw .malformed(
                source.description, "has \(bytes.count) bytes instead of \(source.width * TreeHash.length)")
        }
        return Array(hashes[..<path.width])
    }

    /// A bundle of `path.width` entries.
    package func bundle(_ path: TilePath) throws(LogError) -> EntryBundle {
        let (bytes, source) = try widest(path, limit: EntryBundle.sizeLimit)
        guard let bundle = EntryBundle(bytes, limit: source == path ? TilePath.fullWidth : path.width),
            bundle.count == path.width
        else { throw .malformed(source.description, "does not hold \(source.width) whole entries") }
        return bundle
    }

    /// The entry number `index` of a log of `size` entries.
    package func entry(_ index: UInt64, size: UInt64) throws(LogError) -> [UInt8] {
        precondition(index < size, "an entry that the log has")
        let tile = index / UInt64(TilePath.fullWidth)
        let path = TilePath(.entries, index: tile, width: TilePath.width(of: tile, count: size))
        return try bundle(path)[Int(index % UInt64(TilePath.fullWidth))]
    }

    /// Calls `body` with each entry of a range and its number, in order, reading each bundle once.
    package func forEachEntry(
        in range: Range<UInt64>, size: UInt64, _ body: (UInt64, [UInt8]) throws(LogError) -> Void
    ) throws(LogError) {
        precondition(range.upperBound <= size, "entries that the log has")
        let full = UInt64(TilePath.fullWidth)
        var next = range.lowerBound
        while next < range.upperBound {
            let tile = next / full
            let bundle = try bundle(TilePath(.entries, index: tile, width: TilePath.width(of: tile, count: size)))
            let end = min(range.upperBound, (tile + 1) * full)
            while next < end {
                try body(next, bundle[Int(next % full)])
                next += 1
            }
        }
    }

    /// The bytes of a tile, or of a wider one that begins with it.
    ///
    /// A partial tile may go when the full one is there (C2SP tlog-tiles), also between our reading a checkpoint and our coming
    /// for its tiles; and the log may have grown past the width that a caller asks for.
    private func widest(_ path: TilePath, limit: Int) throws(LogError) -> ([UInt8], TilePath) {
        for candidate in path.isFull ? [path] : [path, path.full] {
            do throws(LogError) {
                return (try read(candidate.description, limit: limit), candidate)
            } catch .missing {}
        }
        if let wider = widths(path).first(where: { $0 > path.width }) {
            let candidate = TilePath(path.level, index: path.index, width: wider)
            return (try read(candidate.description, limit: limit), candidate)
        }
        throw .missing(path: path.description)
    }

    /// The widths in which a partial tile is there, from the narrowest.
    func widths(_ path: TilePath) -> [Int] {
        guard let partials = try? folder.open(beneath: path.partials, flags: LogFlags.folder),
            let names = try? partials.names(limit: TilePath.fullWidth)
        else { return [] }
        return names.compactMap { Decimal.parse($0) }.filter { (1..<UInt64(TilePath.fullWidth)).contains($0) }
            .map { Int($0) }.sorted()
    }

    func read(_ path: String, limit: Int) throws(LogError) -> [UInt8] {
        do throws(LinuxError) {
            let file = try folder.open(beneath: path)
            guard try file.status().kind == .regular else {
                throw LinuxError(stage: "open", errno: .invalidArgument, path: path)
            }
            return try file.readAll(limit: limit)
        } catch {
            guard error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory else {
                throw error.errno == .fileTooLarge ? .malformed(path, "larger than \(limit) bytes") : .system(error)
            }
            throw .missing(path: path)
        }
    }
}

extension TileReader {
    /// A file that anybody may have who may read the entries, by its path as C2SP tlog-tiles has it, or the kept checkpoints.
    ///
    /// - Parameter path: a stranger's word.
    /// - Throws: `LogError.missing` for what is not there or not for them, also for a name that no such file has.
    /// - Returns: the bytes.
    package func published(_ path: String) throws(LogError) -> [UInt8] {
        switch path {
        case LogFile.checkpoint: return try checkpoint()
        case LogFile.history: return try read(path, limit: CheckpointHistory.sizeLimit)
        default:
            guard let tile = TilePath(path) else { throw .missing(path: path) }
            return try read(tile.description, limit: EntryBundle.sizeLimit)
        }
    }
}
