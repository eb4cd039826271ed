internal import Measure

/// The hashes of RFC 6962, section 2.1. A leaf and a node begin differently, so that neither can pass for the other.
package struct TreeHasher: ~Copyable {
    private var sha256 = ShortHasher()

    package init() {}

    /// The root of a tree without leaves: SHA-256 of nothing.
    package static let emptyRoot = TreeHash(Digest.of([]))

    /// `SHA256(0x00 || entry)`.
    package mutating func leaf(_ entry: UnsafeRawBufferPointer) -> TreeHash {
        var hash = TreeHash()
        hash.withUnsafeMutableBytes { sha256.hash(prefix: 0x00, entry, to: $0) }
        return hash
    }

    /// `SHA256(0x00 || entry)`.
    package mutating func leaf(_ entry: [UInt8]) -> TreeHash { entry.withUnsafeBytes { leaf($0) } }

    /// `SHA256(0x01 || left || right)`.
    package mutating func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
        var hash = TreeHash()
        var pair = (left, right)
        withUnsafeBytes(of: &pair) { pair in
            hash.withUnsafeMutableBytes { sha256.hash(prefix: 0x01, pair, to: $0) }
        }
        return hash
    }

    /// The root of a complete subtree: `hashes` are a power of two many.
    mutating func fold(_ hashes: ArraySlice<TreeHash>) -> TreeHash {
        precondition(hashes.count.nonzeroBitCount == 1, "a complete subtree has a power of two of leaves")
        var level = Array(hashes)
        var count = level.count
        while count > 1 {
            count /= 2
            for index in 0..<count { level[index] = node(level[2 * index], level[2 * index + 1]) }
        }
        return level[0]
    }
}
