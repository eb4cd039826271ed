import Foundation
import Linux
import Measure
import SystemPackage
import Testing

@Suite("Digest")
struct DigestTests {
    /// FIPS 180-4 examples, as NIST publishes them, and the million-a of its long message.
    static let vectors: [(String, Int, String)] = [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]

    @Test("NIST vectors, in memory", arguments: vectors)
    func memory(text: String, count: Int, hex: String) {
        #expect(Digest.of(Array(String(repeating: text, count: count).utf8)).hex == hex)
    }

    @Test("NIST vectors, through a file", arguments: vectors)
    func file(text: String, count: Int, hex: String) throws {
        let bytes = Array(String(repeating: text, count: count).utf8)
        let path = FileManager.default.temporaryDirectory.appending(path: "digest-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(filePath: path))
        let measured = try Digest.of(file: try OwnedDescriptor.open(path, flags: O_RDONLY))
        #expect(measured.digest.hex == hex)
        #expect(measured.size == UInt64(bytes.count))
    }

    @Test("bytes in pieces hash as bytes in one")
    func pieces() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var hasher = Hasher()
        for piece in stride(from: 0, to: 1000, by: 7) { hasher.update(Array(bytes[piece..<min(piece + 7, 1000)])) }
        #expect(hasher.finish() == Digest.of(bytes))
    }

    @Test("a pipe is hashed to its end")
    func pipe() throws {
        #expect(try Digest.of(file: try readerOfPipe(with: "abc")).digest.hex == Self.vectors[1].2)
    }

    /// The reading end of a pipe whose other end is closed again.
    private func readerOfPipe(with text: String) throws -> OwnedDescriptor {
        let pipe = try Linux.Pipe()
        try pipe.writer.write(Array(text.utf8))
        return try pipe.reader.duplicate()
    }

    @Test("hexadecimal has one spelling")
    func hex() {
        let hex = Self.vectors[1].2
        #expect(Digest(hex: hex)?.hex == hex)
        #expect(Digest(hex: hex.uppercased()) == nil)
        #expect(Digest(hex: String(hex.dropLast())) == nil)
        #expect(Digest(hex: String(hex.dropLast()) + "g") == nil)
        #expect(Digest(bytes: [1, 2, 3]) == nil)
    }
}
