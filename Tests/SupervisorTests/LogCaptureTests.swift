import Foundation
import Linux
import Testing

@testable import Supervisor

@Suite("the log of a job")
struct LogCaptureTests {
    private func capture(_ pieces: [[UInt8]], limit: Int) throws -> String {
        let path = "/tmp/aibom-log-\(UUID().uuidString)"
        let file = try OwnedDescriptor.open(path, flags: O_RDWR | O_CREAT | O_EXCL | O_APPEND, mode: 0o600)
        defer { unlink(path) }
        var capture = LogCapture(file, limit: limit)
        for piece in pieces { capture.append(piece) }
        let whole = try capture.finish()
        return String(decoding: try whole.readAll(limit: 1 << 20), as: UTF8.self)
    }

    @Test("is kept whole up to the limit, and to the byte", arguments: [6, 7, 100])
    func whole(limit: Int) throws {
        #expect(try capture([Array("abc".utf8), [], Array("def".utf8)], limit: limit) == "abcdef")
    }

    @Test("keeps its beginning and its end beyond the limit, and says what was cut out")
    func cut() throws {
        let log = try capture([Array("abc".utf8), Array("def".utf8), Array("ghi".utf8)], limit: 4)
        #expect(log == "ab\n[aibom: 5 bytes were cut out here]\nhi")
    }

    @Test("keeps the last bytes however they come", arguments: [1, 2, 3, 5, 7, 11, 64, 1000])
    func pieces(size: Int) throws {
        let text = (0..<1000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        let pieces = stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
        let expected =
            String(decoding: text.prefix(51), as: UTF8.self) + "\n[aibom: 899 bytes were cut out here]\n"
            + String(decoding: text.suffix(50), as: UTF8.self)
        #expect(try capture(pieces, limit: 101) == expected)
    }
}
