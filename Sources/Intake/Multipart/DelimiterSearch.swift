internal import Glibc

/// Finds the delimiter, CR LF and two dashes before the boundary, in bytes that come in any pieces.
///
/// A delimiter has one CR, its first byte. So what could be the beginning of one at the end of a piece is at most one
/// place, and what looked like one and was not has no other beginning inside.
struct DelimiterSearch {
    enum Finding: Equatable {
        /// These bytes of the piece are content.
        case content(Range<Int>)
        /// These bytes ended an earlier piece, looked like a delimiter and are content.
        case kept([UInt8])
        case delimiter
    }

    private let delimiter: [UInt8]
    /// How many bytes of the delimiter the pieces before ended with.
    private var matched: Int
    /// How many of these were never content.
    private var assumed: Int

    /// Begins as if a line had just ended: at the start of a body and of a form, a boundary needs no line end before it.
    init(_ boundary: Boundary) {
        delimiter = Array("\r\n--".utf8) + boundary.bytes
        matched = 2
        assumed = 2
    }

    /// Where a part's content begins, the line end of its headers counts.
    mutating func lineEnded() {
        matched = 2
        assumed = 2
    }

    /// What comes next from `position` on, which it moves behind that; nil when the piece is used up.
    mutating func next(in piece: UnsafeRawBufferPointer, at position: inout Int) -> Finding? {
        guard position < piece.count else { return nil }
        if matched > 0 {
            let earlier = matched
            var end = position
            while matched < delimiter.count, end < piece.count, piece[end] == delimiter[matched] {
                matched += 1
                end += 1
            }
            if matched == delimiter.count { return found(upTo: end, &position) }
            if end == piece.count {
                position = end
                return nil
            }
            let kept = delimiter[assumed..<earlier]
            (matched, assumed) = (0, 0)
            // The bytes of this piece that matched hold no CR: the search below passes over them.
            if !kept.isEmpty { return .kept(Array(kept)) }
        }
        return search(piece, &position)
    }

    /// From one CR to the next: linear, whatever the bytes are, and at memchr's pace where CRs are rare.
    private mutating func search(_ piece: UnsafeRawBufferPointer, _ position: inout Int) -> Finding? {
        let start = position
        var place = start
        while let candidate = carriageReturn(in: piece, from: place) {
            let length = common(piece, at: candidate)
            if length == delimiter.count {
                if candidate == start { return found(upTo: start + length, &position) }
                position = candidate
                return .content(start..<candidate)
            }
            if candidate + length == piece.count {
                matched = length
                position = piece.count
                return candidate > start ? .content(start..<candidate) : nil
            }
            place = candidate + length
        }
        position = piece.count
        return .content(start..<piece.count)
    }

    private func carriageReturn(in piece: UnsafeRawBufferPointer, from place: Int) -> Int? {
        // Where one stood a byte before, another one is likely; a call for each would cost more than the bytes.
        guard place < piece.count, piece[place] != 0x0d else { return place < piece.count ? place : nil }
        guard let base = piece.baseAddress, let found = memchr(base + place, 0x0d, piece.count - place) else {
            return nil
        }
        return UnsafeRawPointer(found) - base
    }

    /// How many bytes from `place` on are those of the delimiter's beginning.
    private func common(_ piece: UnsafeRawBufferPointer, at place: Int) -> Int {
        var length = 0
        while length < delimiter.count, place + length < piece.count, piece[place + length] == delimiter[length] {
            length += 1
        }
        return length
    }

    private mutating func found(upTo end: Int, _ position: inout Int) -> Finding {
        (matched, assumed) = (0, 0)
        position = end
        return .delimiter
    }
}
