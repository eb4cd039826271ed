internal import Measure

/// One group of entries as the journal holds it, until the tiles do.
///
/// `"AIBJ" || u32 length of the entries || u64 number of the first || u32 how many || u32 0 || root of the tree with them || entries, each
/// u16 length and bytes || SHA-256 of all before`, big-endian, then zeros up to a whole block.
struct JournalRecord: Equatable {
    let first: UInt64
    let entries: [[UInt8]]
    /// Of the tree that ends with these entries.
    let root: TreeHash

    /// A record fills blocks of its own: no write touches a block in which acknowledged bytes lie, so a write torn by a power cut
    /// can't take them along.
    static let block = 4096
    private static let magic = Array("AIBJ".utf8)
    private static let headerSize = 4 + 4 + 8 + 4 + 4 + TreeHash.length

    var end: UInt64 { first + UInt64(entries.count) }

    /// How many bytes a record takes whose entries take `size` bytes with their lengths.
    static func size(ofEntries size: Int) -> Int {
        (headerSize + size + Digest.length + block - 1) / block * block
    }

    var bytes: [UInt8] {
        let content = entries.reduce(0) { $0 + 2 + $1.count }
        let size = Self.size(ofEntries: content)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        bytes += Self.magic
        bytes.append(UInt32(content))
        bytes.append(first)
        bytes.append(UInt32(entries.count))
        bytes.append(UInt32(0))
        root.withUnsafeBytes { bytes += $0 }
        for entry in entries {
            bytes.append(UInt16(entry.count))
            bytes += entry
        }
        bytes += Digest.of(bytes).bytes
        bytes += repeatElement(0, count: size - bytes.count)
        return bytes
    }

    /// Reads the record that begins at `offset`; nil when there is no whole one.
    init?(_ bytes: [UInt8], at offset: Int) {
        let rest = bytes[offset...]
        guard rest.count >= Self.headerSize + Digest.length, rest.starts(with: Self.magic) else { return nil }
        var position = offset + 4
        func number(_ size: Int) -> UInt64 {
            defer { position += size }
            return bytes[position..<(position + size)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let content = Int(number(4))
        let end = offset + Self.headerSize + content
        guard end + Digest.length <= bytes.count else { return nil }
        let checksum = Digest.of(Array(bytes[offset..<end]))
        guard checksum.bytes.elementsEqual(bytes[end..<(end + Digest.length)]) else { return nil }
        first = number(8)
        let count = Int(number(4))
        position += 4
        guard let root = TreeHash(bytes: bytes[position..<(position + TreeHash.length)]) else { return nil }
        self.root = root
        position += TreeHash.length
        var entries: [[UInt8]] = []
        while position + 2 <= end {
            let length = Int(number(2))
            guard position + length <= end else { return nil }
            entries.append(Array(bytes[position..<(position + length)]))
            position += length
        }
        guard position == end, entries.count == count, count > 0 else { return nil }
        self.entries = entries
    }

    init(first: UInt64, entries: [[UInt8]], root: TreeHash) {
        self.first = first
        self.entries = entries
        self.root = root
    }

    /// How many bytes the record takes.
    var size: Int { Self.size(ofEntries: entries.reduce(0) { $0 + 2 + $1.count }) }
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        Swift.withUnsafeBytes(of: number.bigEndian) { self += $0 }
    }
}
