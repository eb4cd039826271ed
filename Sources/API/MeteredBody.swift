internal import NIOCore

/// A body that says how much of it came, also when it stops in the middle.
struct MeteredBody<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
    let base: Base
    let count: @Sendable (Int) -> Void

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), count: count) }

    struct Iterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        let count: @Sendable (Int) -> Void

        mutating func next() async throws -> ByteBuffer? {
            let piece = try await base.next()
            if let piece { count(piece.readableBytes) }
            return piece
        }
    }
}
