/// The last bytes of a stream, at most `limit` of them.
package struct Tail: Sendable {
    package let limit: Int
    private var bytes: [UInt8] = []
    /// Where the oldest byte is once the room is full.
    private var start = 0
    /// How many bytes came.
    package private(set) var total: UInt64 = 0

    package init(limit: Int) { self.limit = limit }

    /// How many bytes came and are no more.
    package var dropped: UInt64 { total - UInt64(bytes.count) }

    package mutating func append(_ piece: UnsafeRawBufferPointer) {
        total += UInt64(piece.count)
        var rest = piece.suffix(limit)
        let room = rest.prefix(limit - bytes.count)
        bytes.append(contentsOf: room)
        rest = rest.dropFirst(room.count)
        while !rest.isEmpty {
            let part = rest.prefix(limit - start)
            bytes.replaceSubrange(start..<start + part.count, with: part)
            start = (start + part.count) % limit
            rest = rest.dropFirst(part.count)
        }
    }

    /// The bytes in order and where in the stream they begin. The room itself is turned: no second copy is made.
    package mutating func finish() -> (offset: UInt64, bytes: [UInt8]) {
        bytes.withUnsafeMutableBufferPointer { all in
            all[..<start].reverse()
            all[start...].reverse()
            all.reverse()
        }
        start = 0
        defer { bytes = [] }
        return (total - UInt64(bytes.count), bytes)
    }
}
