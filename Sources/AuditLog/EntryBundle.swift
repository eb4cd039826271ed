/// Up to 256 entries as one file: each is its length in two bytes, big-endian, and its bytes (C2SP tlog-tiles).
package struct EntryBundle: Sendable, Equatable {
    /// What two bytes can count.
    package static let entryLimit = 65_535
    /// The largest file.
    static let sizeLimit = TilePath.fullWidth * (2 + entryLimit)

    package private(set) var bytes: [UInt8] = []
    /// Where each entry's bytes are.
    private var ranges: [Range<Int>] = []

    package init() {}

    /// Reads a bundle, at most its first `limit` entries; nil when its last entry is not whole, or when it has more than a bundle
    /// may have.
    package init?(_ bytes: [UInt8], limit: Int = TilePath.fullWidth) {
        var position = 0
        while position < bytes.count, ranges.count < limit {
            guard position + 2 <= bytes.count else { return nil }
            let start = position + 2
            let end = start + Int(bytes[position]) << 8 + Int(bytes[position + 1])
            guard end <= bytes.count else { return nil }
            ranges.append(start..<end)
            position = end
        }
        guard position == bytes.count || limit < TilePath.fullWidth else { return nil }
        self.bytes = position == bytes.count ? bytes : Array(bytes[..<position])
    }

    package var count: Int { ranges.count }

    package subscript(index: Int) -> [UInt8] { Array(bytes[ranges[index]]) }

    /// Appends an entry of at most `entryLimit` bytes to a bundle that is not full.
    package mutating func append(_ entry: [UInt8]) {
        precondition(entry.count <= Self.entryLimit && count < TilePath.fullWidth, "a bundle's limits hold")
        bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: entry.count))
        ranges.append(bytes.count..<(bytes.count + entry.count))
        bytes += entry
    }

    /// The leaf hashes of all entries, in order.
    func leaves(_ hasher: inout TreeHasher) -> [TreeHash] {
        var leaves: [TreeHash] = []
        leaves.reserveCapacity(count)
        bytes.withUnsafeBytes { buffer in
            for range in ranges { leaves.append(hasher.leaf(UnsafeRawBufferPointer(rebasing: buffer[range]))) }
        }
        return leaves
    }
}
