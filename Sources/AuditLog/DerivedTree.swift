internal import Dispatch
internal import Synchronization

/// The tree that a log's entries give, whatever its tiles say: every bundle read and hashed, by several threads.
struct DerivedTree: Sendable {
    /// What was found of one bundle and the tile of its hashes.
    struct Leaf: Sendable {
        /// The root over a full bundle.
        var root: TreeHash?
        /// The bundle could not be read.
        var bundleFault: LogError?
        var tileFault: LogError?
        /// The places in the tile at which entries and tile differ.
        var differing: [Int] = []
    }

    let size: UInt64
    private(set) var leaves: [Leaf]
    /// Of the last bundle, when it is not full.
    private(set) var tail: [TreeHash] = []
    /// `levels[l]` has the hashes of tile level l + 1.
    private(set) var levels: [[TreeHash]] = []

    /// Whether every bundle could be read.
    var isComplete: Bool { leaves.allSatisfy { $0.bundleFault == nil } }

    init(_ reader: TileReader, size: UInt64, threads: Int) {
        self.size = size
        let count = Int((size + UInt64(TilePath.fullWidth) - 1) / UInt64(TilePath.fullWidth))
        let found = Mutex((leaves: [Leaf](repeating: Leaf(), count: count), tail: [TreeHash]()))
        let next = Atomic(0)
        let share = 16
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            var hasher = TreeHasher()
            while case let start = next.add(share, ordering: .relaxed).oldValue, start < count {
                for index in start..<min(start + share, count) {
                    let (leaf, tail) = Self.check(UInt64(index), size, reader, &hasher)
                    found.withLock { found in
                        found.leaves[index] = leaf
                        if let tail { found.tail = tail }
                    }
                }
            }
        }
        (leaves, tail) = found.withLock { ($0.leaves, $0.tail) }
        if isComplete { hashLevels() }
    }

    private static func check(
        _ index: UInt64, _ size: UInt64, _ reader: TileReader, _ hasher: inout TreeHasher
    ) -> (Leaf, tail: [TreeHash]?) {
        var leaf = Leaf()
        let width = TilePath.width(of: index, count: size)
        let hashes: [TreeHash]
        do throws(LogError) {
            hashes = try reader.bundle(TilePath(.entries, index: index, width: width)).leaves(&hasher)
        } catch {
            leaf.bundleFault = error
            return (leaf, nil)
        }
        do throws(LogError) {
            let tile = try reader.hashes(TilePath(.hashes(0), index: index, width: width))
            if tile != hashes { leaf.differing = hashes.indices.filter { tile[$0] != hashes[$0] } }
        } catch { leaf.tileFault = error }
        if width == TilePath.fullWidth { leaf.root = hasher.fold(hashes[...]) }
        return (leaf, width == TilePath.fullWidth ? nil : hashes)
    }

    private mutating func hashLevels() {
        var hasher = TreeHasher()
        var hashes = leaves.compactMap(\.root)
        while !hashes.isEmpty {
            levels.append(hashes)
            let width = TilePath.fullWidth
            hashes = stride(from: 0, to: hashes.count / width * width, by: width).map {
                hasher.fold(hashes[$0..<($0 + width)])
            }
        }
    }
}

/// The hashes of a derived tree. Below the level of tile roots it reads the bundle again: few are asked for.
struct DerivedHashes: HashSource, ~Copyable {
    let derived: DerivedTree
    let reader: TileReader
    private var hasher = TreeHasher()
    private var bundles: [UInt64: [TreeHash]] = [:]

    init(_ derived: DerivedTree, _ reader: TileReader) {
        self.derived = derived
        self.reader = reader
    }

    mutating func subtree(level: Int, index: UInt64) throws(LogError) -> TreeHash {
        let (tileLevel, height) = level.quotientAndRemainder(dividingBy: 8)
        let first = index << UInt64(height)
        guard tileLevel == 0 else {
            return hasher.fold(derived.levels[tileLevel - 1][Int(first)..<Int(first + 1 << UInt64(height))])
        }
        let bundle = first / UInt64(TilePath.fullWidth)
        let start = Int(first % UInt64(TilePath.fullWidth))
        let hashes = try hashes(bundle)
        return hasher.fold(hashes[start..<(start + 1 << height)])
    }

    private mutating func hashes(_ bundle: UInt64) throws(LogError) -> [TreeHash] {
        if let known = bundles[bundle] { return known }
        let width = TilePath.width(of: bundle, count: derived.size)
        let hashes =
            width < TilePath.fullWidth
            ? derived.tail : try reader.bundle(TilePath(.entries, index: bundle)).leaves(&hasher)
        bundles = [bundle: hashes]  // checkpoints come in order, so one is enough
        return hashes
    }
}
