/// What a `Range` field asks for of a representation of known size (RFC 9110, section 14).
package enum ByteRange: Equatable, Sendable {
    /// No range, or one that is not to be honoured: the whole answer is right then.
    case whole
    case part(Range<UInt64>)
    case unsatisfiable

    /// - Parameters:
    ///   - field: the field's value; nil when there is none.
    ///   - size: of the whole representation.
    package init(_ field: String?, of size: UInt64) {
        guard let field, let specification = ByteRange.only(field[...]) else {
            self = .whole
            return
        }
        let parts = specification.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            self = .whole
            return
        }
        self = ByteRange(first: parts[0], last: parts[1], of: size)
    }

    private init(first: Substring, last: Substring, of size: UInt64) {
        switch (ByteRange.number(first), ByteRange.number(last)) {
        case (nil, let suffix?) where first.isEmpty:
            // No status says "the last n bytes of nothing"; the whole of nothing does.
            if size == 0, suffix > 0 {
                self = .whole
            } else {
                self = suffix == 0 ? .unsatisfiable : .part(size - min(suffix, size)..<size)
            }
        case (let first?, nil) where last.isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
        default:
            self = .whole  // not of the grammar: a recipient must ignore it
        }
    }

    /// The one range of a set in bytes; nil for several, none or another unit.
    ///
    /// Several are answered with everything, as a recipient may: multipart/byteranges helps nobody to read a model, and
    /// many small overlapping ranges are a known attack.
    private static func only(_ field: Substring) -> Substring? {
        let halves = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, halves[0].lowercased() == "bytes" else { return nil }
        let set = halves[1].split(separator: ",").map { $0.trimmingSpace }.filter { !$0.isEmpty }
        return set.count == 1 ? set[0] : nil
    }

    /// Digits only; a number that no file reaches counts as the largest one.
    private static func number(_ text: Substring) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text) ?? .max
    }
}

extension Substring {
    /// Without the optional white space of HTTP's fields at either end.
    var trimmingSpace: Substring {
        guard let first = firstIndex(where: { $0 != " " && $0 != "\t" }),
            let last = lastIndex(where: { $0 != " " && $0 != "\t" })
        else { return "" }
        return self[first...last]
    }
}
