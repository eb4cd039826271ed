/// The right edge of a growing tree: the roots of its complete subtrees, from the largest to the smallest.
///
/// Enough to append and to know the root: one hash more than the tree has levels, however many leaves there are.
struct Frontier: Sendable {
    private(set) var size: UInt64 = 0
    private var peaks: [TreeHash] = []

    init() {}

    /// The edge of a tree that others hold.
    ///
    /// - Parameters:
    ///   - size: of the tree.
    ///   - source: of its complete subtrees.
    /// - Throws: what the source throws.
    init<Source: HashSource & ~Copyable>(size: UInt64, source: inout Source) throws(LogError) {
        self.size = size
        for level in (0..<UInt64.bitWidth).reversed() where size & 1 << level != 0 {
            peaks.append(try source.subtree(level: level, index: size >> level - 1))
        }
    }

    /// Appends a leaf.
    ///
    /// - Parameters:
    ///   - leaf: its hash.
    ///   - hasher: makes the nodes.
    ///   - completed: called with every subtree of more than one leaf that the leaf completes, smallest first.
    mutating func append(
        _ leaf: TreeHash, _ hasher: inout TreeHasher, completed: (_ level: Int, _ hash: TreeHash) -> Void = { _, _ in }
    ) {
        var hash = leaf
        var level = 0
        while size >> level & 1 == 1 {
            hash = hasher.node(peaks.removeLast(), hash)
            level += 1
            completed(level, hash)
        }
        peaks.append(hash)
        size += 1
    }

    func root(_ hasher: inout TreeHasher) -> TreeHash {
        guard var root = peaks.last else { return TreeHasher.emptyRoot }
        for peak in peaks.dropLast().reversed() { root = hasher.node(peak, root) }
        return root
    }
}
