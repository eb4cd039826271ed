/// Verification of proofs by RFC 9162, sections 2.1.3.2 and 2.1.4.2. Nothing but the arguments goes into an answer.
package enum MerkleProof {
    /// Whether `leaf` is the leaf number `index` of the tree of `size` leaves that has `root`.
    package static func verifyInclusion(
        of leaf: TreeHash, at index: UInt64, size: UInt64, root: TreeHash, proof: [TreeHash]
    ) -> Bool {
        guard index < size else { return false }
        var hasher = TreeHasher()
        var (node, last) = (index, size - 1)
        var hash = leaf
        for sibling in proof {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = hasher.node(sibling, hash)
                // On the right edge a node without a sibling goes up unchanged.
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                hash = hasher.node(hash, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// Whether the tree of `newSize` leaves with `newRoot` begins with all leaves of the tree of `oldSize` with `oldRoot`.
    package static func verifyConsistency(
        from oldSize: UInt64, root oldRoot: TreeHash, to newSize: UInt64, root newRoot: TreeHash, proof: [TreeHash]
    ) -> Bool {
        guard oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return proof.isEmpty && oldRoot == TreeHasher.emptyRoot }
        // The proof leaves out the old root where that is a hash of the new tree.
        var path = (oldSize.nonzeroBitCount == 1 ? [oldRoot] : [])[...] + proof
        guard let first = path.popFirst() else { return false }
        var hasher = TreeHasher()
        var (node, last) = (oldSize - 1, newSize - 1)
        while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
        var (old, new) = (first, first)
        for hash in path {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                old = hasher.node(hash, old)
                new = hasher.node(hash, new)
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                new = hasher.node(new, hash)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}
