/// A version of a Debian package, in the order of deb-version(7).
struct DebianVersion: Comparable, Sendable {
    private let epoch: Int
    private let upstream: [UInt8]
    private let revision: [UInt8]

    /// Nil for what is none.
    init?(_ text: String) {
        var rest = Substring(text)
        var epoch = 0
        if let colon = rest.firstIndex(of: ":") {
            guard let number = Int(rest[..<colon]), number >= 0 else { return nil }
            epoch = number
            rest = rest[rest.index(after: colon)...]
        }
        var revision = Substring("")
        if let dash = rest.lastIndex(of: "-") {
            revision = rest[rest.index(after: dash)...]
            rest = rest[..<dash]
        }
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+~-:".utf8)
        guard let first = rest.utf8.first, Self.isDigit(first) || first != 0,
            rest.utf8.allSatisfy(plain.contains), revision.utf8.allSatisfy(plain.contains)
        else { return nil }
        self.epoch = epoch
        upstream = Array(rest.utf8)
        self.revision = Array(revision.utf8)
    }

    static func < (left: DebianVersion, right: DebianVersion) -> Bool { left.order(to: right) < 0 }
    static func == (left: DebianVersion, right: DebianVersion) -> Bool { left.order(to: right) == 0 }

    private func order(to other: DebianVersion) -> Int {
        if epoch != other.epoch { return epoch < other.epoch ? -1 : 1 }
        let order = Self.order(upstream, other.upstream)
        return order != 0 ? order : Self.order(revision, other.revision)
    }

    /// By turns a part without digits, letter by letter, and a number.
    private static func order(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var i = 0
        var j = 0
        while i < left.count || j < right.count {
            while (i < left.count && !isDigit(left[i])) || (j < right.count && !isDigit(right[j])) {
                let a = i < left.count ? weight(left[i]) : 0
                let b = j < right.count ? weight(right[j]) : 0
                if a != b { return a < b ? -1 : 1 }
                i += 1
                j += 1
            }
            let a = digits(left, &i)
            let b = digits(right, &j)
            if a.count != b.count { return a.count < b.count ? -1 : 1 }
            if a != b { return a.lexicographicallyPrecedes(b) ? -1 : 1 }
        }
        return 0
    }

    /// Digits from `index` on, without leading zeros; as long as they are, they never become a number.
    private static func digits(_ bytes: [UInt8], _ index: inout Int) -> [UInt8] {
        var digits: [UInt8] = []
        while index < bytes.count, isDigit(bytes[index]) {
            if !digits.isEmpty || bytes[index] != UInt8(ascii: "0") { digits.append(bytes[index]) }
            index += 1
        }
        return digits
    }

    /// A tilde sorts before the end, which sorts before letters, which sort before everything else. A digit is an end.
    private static func weight(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "~"): -1
        case _ where isDigit(byte): 0
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte)
        default: Int(byte) + 256
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
