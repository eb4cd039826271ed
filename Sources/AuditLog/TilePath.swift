/// Where a tile or an entry bundle lies (C2SP tlog-tiles): `tile/<level>/<index>[.p/<width>]`.
package struct TilePath: Sendable, Hashable, CustomStringConvertible {
    package enum Level: Sendable, Hashable {
        /// Hashes: of leaves at level 0, of full tiles of the level below at the others.
        case hashes(Int)
        case entries
    }

    /// Hashes, or entries, in a full tile.
    package static let fullWidth = 256

    package let level: Level
    package let index: UInt64
    /// 1 to 255 for the last tile of its level, which will grow; 256 for a full one.
    package let width: Int

    package init(_ level: Level, index: UInt64, width: Int = fullWidth) {
        precondition((1...Self.fullWidth).contains(width), "a tile is not empty, and no wider than \(Self.fullWidth)")
        self.level = level
        self.index = index
        self.width = width
    }

    /// Reads the one spelling that `description` writes; nil for any other.
    package init?(_ path: String) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts.count <= 12, parts.removeFirst() == "tile" else { return nil }
        let place = parts.removeFirst()
        var width = Self.fullWidth
        if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") {
            guard let last = Decimal.parse(parts.removeLast().utf8), (1..<UInt64(Self.fullWidth)).contains(last) else {
                return nil
            }
            width = Int(last)
            parts[parts.count - 1].removeLast(2)
        }
        var index: UInt64 = 0
        for group in parts {
            guard let digits = UInt64(group.hasPrefix("x") ? group.dropFirst() : group), digits < 1000,
                index <= UInt64(Int64.max) / 1000
            else { return nil }
            index = index * 1000 + digits
        }
        let number = Decimal.parse(place.utf8)
        guard place == "entries" || number.map({ $0 < 63 }) == true else { return nil }
        self.init(number.map { .hashes(Int($0)) } ?? .entries, index: index, width: width)
        guard description == path else { return nil }
    }

    package var isFull: Bool { width == Self.fullWidth }

    /// The same tile when it has grown full.
    package var full: TilePath { TilePath(level, index: index) }

    package var description: String { isFull ? stem : "\(partials)/\(width)" }

    /// The folder of the tile's partial widths.
    var partials: String { "\(stem).p" }

    private var stem: String {
        switch level {
        case .hashes(let level): "tile/\(level)/\(Self.groups(index))"
        case .entries: "tile/entries/\(Self.groups(index))"
        }
    }

    /// Groups of three digits, all but the last prefixed by x: 1234067 is `x001/x234/067`. So no folder has more than a thousand
    /// names twice, and no name is both a file and a folder.
    private static func groups(_ index: UInt64) -> String {
        func digits(_ group: UInt64) -> String {
            let text = String(group)
            return String(repeating: "0", count: 3 - text.count) + text
        }
        var path = digits(index % 1000)
        var rest = index / 1000
        while rest > 0 {
            path = "x\(digits(rest % 1000))/\(path)"
            rest /= 1000
        }
        return path
    }

    /// How many hashes a level has in a tree of `size` leaves.
    static func count(level: Int, size: UInt64) -> UInt64 {
        8 * level >= UInt64.bitWidth ? 0 : size >> UInt64(8 * level)
    }

    /// How wide tile `index` is where its level has `count` hashes; 0 when it is not there.
    static func width(of index: UInt64, count: UInt64) -> Int {
        let start = index * UInt64(fullWidth)
        return start >= count ? 0 : Int(min(UInt64(fullWidth), count - start))
    }

    /// Every tile of hashes of a tree of `size` leaves.
    package static func hashTiles(size: UInt64) -> [TilePath] {
        var paths: [TilePath] = []
        var level = 0
        while case let count = count(level: level, size: size), count > 0 {
            for index in 0...(count - 1) / UInt64(fullWidth) {
                paths.append(TilePath(.hashes(level), index: index, width: width(of: index, count: count)))
            }
            level += 1
        }
        return paths
    }

    /// The last tile of each level, partial or full, in a tree of `size` leaves, and the last bundle.
    static func edge(size: UInt64) -> [TilePath] {
        guard size > 0 else { return [] }
        func last(_ level: Level, _ count: UInt64) -> TilePath {
            let index = (count - 1) / UInt64(fullWidth)
            return TilePath(level, index: index, width: width(of: index, count: count))
        }
        var edge = [last(.entries, size)]
        var level = 0
        while case let count = count(level: level, size: size), count > 0 {
            edge.append(last(.hashes(level), count))
            level += 1
        }
        return edge
    }
}
