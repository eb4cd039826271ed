/// Where the hashes of complete subtrees come from: memory, or tiles.
package protocol HashSource: ~Copyable {
    /// The hash over the leaves `index << level ..< (index + 1) << level`, all of which must be there.
    mutating func subtree(level: Int, index: UInt64) throws(LogError) -> TreeHash
}

/// Roots and proofs of RFC 6962, section 2.1, by its own recursive definitions.
///
/// A tree over D[0:n] splits at the largest power of two below n. Every left part is therefore a complete subtree, whose hash the
/// source knows; only the right edge is hashed here, so a proof asks for no more hashes than about twice the tree's height.
package struct MerkleTree<Source: HashSource & ~Copyable>: ~Copyable {
    package let size: UInt64
    private var source: Source
    private var hasher = TreeHasher()

    package init(size: UInt64, source: consuming Source) {
        self.size = size
        self.source = source
    }

    /// `MTH(D[0:size])` of the first `size` leaves; nil is all of them.
    package mutating func root(of size: UInt64? = nil) throws(LogError) -> TreeHash {
        let size = size ?? self.size
        precondition(size <= self.size, "a root of leaves that the tree has")
        return size == 0 ? TreeHasher.emptyRoot : try hash(0..<size)
    }

    /// `PATH(index, D[0:size])`: the siblings from the leaf's own up to the root's children.
    package mutating func inclusionProof(of index: UInt64) throws(LogError) -> [TreeHash] {
        precondition(index < size, "a proof of a leaf that the tree has")
        var siblings: [TreeHash] = []
        var range = 0..<size
        while range.count > 1 {
            let middle = range.lowerBound + Self.split(range)
            if index < middle {
                siblings.append(try hash(middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                siblings.append(try hash(range.lowerBound..<middle))
                range = middle..<range.upperBound
            }
        }
        return siblings.reversed()
    }

    /// `PROOF(old, D[0:size])`: that the tree's first `old` leaves are those of an older root.
    package mutating func consistencyProof(from old: UInt64) throws(LogError) -> [TreeHash] {
        precondition(old <= size, "a proof from a size that the tree has had")
        if old == 0 || old == size { return [] }  // nothing to prove
        var hashes: [TreeHash] = []
        var range = 0..<size
        var isOldRoot = true  // the old root itself is what the verifier has already
        while old != range.upperBound {
            let middle = range.lowerBound + Self.split(range)
            if old <= middle {
                hashes.append(try hash(middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                hashes.append(try hash(range.lowerBound..<middle))
                range = middle..<range.upperBound
                isOldRoot = false
            }
        }
        if !isOldRoot { hashes.append(try hash(range)) }
        return hashes.reversed()
    }

    private mutating func hash(_ range: Range<UInt64>) throws(LogError) -> TreeHash {
        let count = range.upperBound - range.lowerBound
        if count.nonzeroBitCount == 1, range.lowerBound % count == 0 {
            return try source.subtree(level: count.trailingZeroBitCount, index: range.lowerBound / count)
        }
        let middle = range.lowerBound + Self.split(range)
        let left = try hash(range.lowerBound..<middle)
        let right = try hash(middle..<range.upperBound)
        return hasher.node(left, right)
    }

    /// The largest power of two below the number of leaves.
    private static func split(_ range: Range<UInt64>) -> UInt64 {
        let count = range.upperBound - range.lowerBound
        return 1 << UInt64(UInt64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}
