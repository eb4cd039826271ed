import Glibc
import Linux
import Measure
import NIOCore

/// Bytes that compress badly, made as they are read, the same each time.
struct LargeFile: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    static let pieceSize = 256 << 10

    let bytes: Int
    private let piece: ByteBuffer

    init(bytes: Int) {
        self.bytes = bytes
        var generator = SystemRandomNumberGenerator()
        var piece = ByteBuffer()
        for _ in 0..<(LargeFile.pieceSize / 8) { piece.writeInteger(generator.next()) }
        self.piece = piece
    }

    func makeAsyncIterator() -> Iterator { Iterator(file: self) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let file: LargeFile
        private var offset = 0

        fileprivate init(file: LargeFile) { self.file = file }

        mutating func next() -> ByteBuffer? {
            guard offset < file.bytes else { return nil }
            var piece = file.piece
            // No two pieces are equal.
            piece.setInteger(offset, at: 0)
            offset += LargeFile.pieceSize
            return piece
        }
    }

    /// Hashes and writes it in one pass, syncs it, and removes it.
    func store(in folder: String) throws -> Digest {
        let path = "\(folder)/floor"
        let file = try OwnedDescriptor.open(path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        defer { unlink(path) }
        var hasher = Hasher()
        var pieces = makeAsyncIterator()
        while let piece = pieces.next() {
            try piece.withUnsafeReadableBytes { bytes in
                hasher.update(bytes)
                try file.write(bytes)
            }
        }
        try file.synchronise()
        return hasher.finish()
    }
}
