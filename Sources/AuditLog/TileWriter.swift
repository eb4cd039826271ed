internal import Linux
internal import SystemPackage

/// Writes bundles and tiles as the tree grows. Every file is a function of the entries alone: to write one again writes the same bytes.
struct TileWriter: ~Copyable {
    private let folder: OwnedDescriptor
    private(set) var size: UInt64
    /// The hashes of the last, not yet full tile of each level.
    private var edges: [[TreeHash]]
    private var bundle: EntryBundle
    private let writesBundles: Bool
    private var hasher = TreeHasher()
    /// Written since the last time that all was brought to the disk.
    private var unsynchronised: [String] = []
    private var folders: Set<String> = []
    /// Full since then: their partial widths are not needed any more.
    private(set) var filled: [TilePath] = []

    /// Goes on where a tree of `size` entries ends.
    ///
    /// - Parameters:
    ///   - folder: the log's.
    ///   - size: of the tree, whose tiles are there.
    /// - Throws: what reading them throws.
    init(in folder: consuming OwnedDescriptor, size: UInt64) throws(LogError) {
        let reader = TileReader(try system { () throws(LinuxError) in try folder.duplicate() })
        var edges: [[TreeHash]] = []
        var bundle = EntryBundle()
        for path in TilePath.edge(size: size) where !path.isFull {
            switch path.level {
            case .entries: bundle = try reader.bundle(path)
            case .hashes(let level):
                while edges.count < level { edges.append([]) }
                edges.append(try reader.hashes(path))
            }
        }
        self.folder = folder
        self.size = size
        self.edges = edges
        self.bundle = bundle
        writesBundles = true
    }

    /// Begins a tree whose entries are not kept.
    init(hashesOnlyIn folder: consuming OwnedDescriptor) {
        self.folder = folder
        size = 0
        edges = []
        bundle = EntryBundle()
        writesBundles = false
    }

    /// Appends an entry; files that it completes are written.
    mutating func append(_ entry: [UInt8]) throws(LogError) {
        size += 1
        if writesBundles { try addToBundle(entry) }
        try append(hasher.leaf(entry), level: 0)
    }

    private mutating func addToBundle(_ entry: [UInt8]) throws(LogError) {
        bundle.append(entry)
        guard bundle.count == TilePath.fullWidth else { return }
        try write(TilePath(.entries, index: size / UInt64(TilePath.fullWidth) - 1), bundle.bytes)
        bundle = EntryBundle()
    }

    private mutating func append(_ hash: TreeHash, level: Int) throws(LogError) {
        if edges.count == level { edges.append([]) }
        edges[level].append(hash)
        guard edges[level].count == TilePath.fullWidth else { return }
        let index = TilePath.count(level: level, size: size) / UInt64(TilePath.fullWidth) - 1
        try write(TilePath(.hashes(level), index: index), edges[level].concatenated)
        let root = hasher.fold(edges[level][...])
        edges[level].removeAll(keepingCapacity: true)
        try append(root, level: level + 1)
    }

    /// Writes the partial tiles of the size that the tree has now, and brings everything to the disk: files first, then the folders
    /// that name them.
    mutating func finish() throws(LogError) {
        try writePartials()
        LogCrashPoint.tilesWritten.reached()
        for path in unsynchronised {
            try system { () throws(LinuxError) in try folder.open(beneath: path).synchronise() }
        }
        for path in folders.sorted() {
            try system { () throws(LinuxError) in try folder.open(beneath: path, flags: LogFlags.folder).synchronise() }
        }
        unsynchronised = []
        folders = []
        LogCrashPoint.tilesDurable.reached()
    }

    /// Writes the partial tiles of the size that the tree has now.
    mutating func writePartials() throws(LogError) {
        for path in TilePath.edge(size: size) where !path.isFull {
            switch path.level {
            case .entries: if writesBundles { try write(path, bundle.bytes) }
            case .hashes(let level): try write(path, edges[level].concatenated)
            }
        }
    }

    /// The root that the tiles give, by another way than the one by which the journal's was found.
    mutating func root() -> TreeHash {
        var root: TreeHash?
        for hashes in edges {
            // The complete subtrees of each level, from the smallest, which is the last.
            var end = hashes.count
            while end > 0 {
                let count = 1 << end.trailingZeroBitCount
                let peak = hasher.fold(hashes[(end - count)..<end])
                root = root.map { hasher.node(peak, $0) } ?? peak
                end -= count
            }
        }
        return root ?? TreeHasher.emptyRoot
    }

    /// Removes the partial widths of tiles that are full: only after the checkpoint that asks for the full ones is published.
    mutating func sweep() throws(LogError) {
        for path in filled {
            let partials = path.partials
            try system { () throws(LinuxError) in
                do throws(LinuxError) {
                    let inner = try folder.open(beneath: partials, flags: LogFlags.folder)
                    for name in try inner.names(limit: TilePath.fullWidth) {
                        try inner.remove(String(decoding: name, as: UTF8.self))
                    }
                } catch {
                    guard error.errno == .noSuchFileOrDirectory else { throw error }
                    return
                }
                try folder.removeFolder(partials)
            }
        }
        filled = []
        LogCrashPoint.swept.reached()
    }

    /// Writes a file, unless it is there with the same bytes: a dead writer's, or one that a restart makes again.
    private mutating func write(_ path: TilePath, _ bytes: [UInt8]) throws(LogError) {
        let name = path.description
        try makeParents(of: name)
        let isHalf = LogCrashPoint.tileHalfWritten.isNow
        try system { () throws(LinuxError) in
            let file = try folder.open(beneath: name, flags: LogFlags.make, mode: 0o600)
            let size = try file.status().size
            if size == bytes.count, try file.readAll(limit: bytes.count) == bytes { return }
            if size > 0 { try file.setSize(0) }
            try file.write(isHalf ? Array(bytes[..<(bytes.count / 2)]) : bytes, at: 0)
            if isHalf { LogCrashPoint.die() }
        }
        unsynchronised.append(name)
        if path.isFull { filled.append(path) }
    }

    /// Makes the folders on the way to a file; each that was made is named by its own, which has to reach the disk too.
    private mutating func makeParents(of path: String) throws(LogError) {
        let parts = path.split(separator: "/").dropLast()
        guard !folders.contains(parts.joined(separator: "/")) else { return }
        var parent = ""
        for part in parts {
            let child = parent.isEmpty ? String(part) : "\(parent)/\(part)"
            try system { () throws(LinuxError) in try folder.makePrivateFolder(child) }
            if !parent.isEmpty { folders.insert(parent) }
            parent = child
        }
        folders.insert(parent)
    }

    /// The log's own folder, which names `tile`, is brought to the disk with the checkpoint.
    borrowing func duplicateFolder() throws(LogError) -> OwnedDescriptor {
        try system { () throws(LinuxError) in try folder.duplicate() }
    }
}
