import NIOCore
import Testing

@testable import API

@Suite("a part of a stream")
struct StreamPrefixTests {
    private func read(_ count: Int, of bytes: [UInt8]) async throws -> [UInt8] {
        var read: [UInt8] = []
        for try await piece in ByteStream(bytes).prefix(bytes: count) { read += piece.readableBytesView }
        return read
    }

    @Test("is what was asked for, or an error: a reader who was promised more would wait for it")
    func isWhole() async throws {
        #expect(try await read(2, of: [1, 2, 3]) == [1, 2])
        #expect(try await read(3, of: [1, 2, 3]) == [1, 2, 3])
        #expect(try await read(0, of: []) == [])
        for bytes: [UInt8] in [[], [1, 2, 3]] {
            await #expect(throws: (any Error).self) { try await read(4, of: bytes) }
        }
    }
}
