/// Size and root of a tree that nobody has signed yet.
package struct TreeHead: Sendable, Hashable {
    package let size: UInt64
    package let root: TreeHash
}

/// What an append answers.
package struct Receipt: Sendable, Equatable {
    /// The entries' numbers.
    package let indices: Range<UInt64>
    /// Of the tree that ends with the entries, and perhaps with others of the same group.
    package let head: TreeHead
    /// A published checkpoint that covers them; nil for an append that did not wait for one.
    package let checkpoint: SignedCheckpoint?

    package var index: UInt64 { indices.lowerBound }
}
