package import Linux
package import NIOCore
internal import NIOPosix
internal import SystemPackage

/// Bytes on their way, in pieces; read once.
package struct ByteStream: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    private let start: @Sendable () -> any AsyncIteratorProtocol<ByteBuffer, any Error>

    package init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == ByteBuffer {
        start = { Iterator(of: base.makeAsyncIterator()) }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: start()) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var base: any AsyncIteratorProtocol<ByteBuffer, any Error>

        package mutating func next() async throws -> ByteBuffer? { try await base.next(isolation: nil) }
    }

    /// Any iterator of buffers with its kind of failure forgotten.
    private struct Iterator<Base: AsyncIteratorProtocol>: AsyncIteratorProtocol where Base.Element == ByteBuffer {
        var base: Base

        init(of base: Base) { self.base = base }

        mutating func next() async throws -> ByteBuffer? { try await base.next() }
    }
}

extension ByteStream {
    /// Bytes that are in memory.
    package init(_ bytes: [UInt8]) { self.init(FileBytes.Memory(bytes: bytes)) }

    /// A file from its position to its end, read on threads that may wait for a disk.
    package init(reading file: consuming OwnedDescriptor) { self.init(FileBytes(file: file)) }
}

/// A file's bytes in pieces of constant size.
private final class FileBytes: AsyncSequence, Sendable {
    static let pieceSize = 256 << 10

    private let file: OwnedDescriptor

    init(file: consuming OwnedDescriptor) { self.file = file }

    func makeAsyncIterator() -> Iterator { Iterator(bytes: self) }

    struct Iterator: AsyncIteratorProtocol {
        let bytes: FileBytes

        mutating func next() async throws -> ByteBuffer? {
            try await NIOThreadPool.singleton.runIfActive { [bytes] in try bytes.read() }
        }
    }

    private func read() throws -> ByteBuffer? {
        var piece = ByteBuffer()
        let count = try piece.writeWithUnsafeMutableBytes(minimumWritableBytes: FileBytes.pieceSize) { buffer in
            try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<FileBytes.pieceSize]))
        }
        return count == 0 ? nil : piece
    }

    struct Memory: AsyncSequence, Sendable {
        let bytes: [UInt8]

        func makeAsyncIterator() -> Iterator { Iterator(rest: bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)) }

        struct Iterator: AsyncIteratorProtocol {
            var rest: ByteBuffer?

            mutating func next() async -> ByteBuffer? {
                defer { rest = nil }
                return rest
            }
        }
    }
}

extension ByteStream {
    /// The first `bytes` bytes; what comes behind them is not read. Reading throws when they are not there: who was promised them
    /// must be cut off, or would wait for the rest.
    func prefix(bytes: Int) -> ByteStream { ByteStream(BytePrefix(base: self, length: bytes)) }
}

/// A stored file is shorter than its record says.
private struct EndedEarly: Error {
    let missing: Int
}

private struct BytePrefix: AsyncSequence, Sendable {
    let base: ByteStream
    let length: Int

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), rest: length) }

    struct Iterator: AsyncIteratorProtocol {
        var base: ByteStream.AsyncIterator
        var rest: Int

        mutating func next() async throws -> ByteBuffer? {
            guard rest > 0 else { return nil }
            guard let piece = try await base.next() else { throw EndedEarly(missing: rest) }
            let taken = piece.getSlice(at: piece.readerIndex, length: Swift.min(rest, piece.readableBytes)) ?? piece
            rest -= taken.readableBytes
            return taken
        }
    }
}
