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

    @Test("is cut at the limit, says so and counts the rest")
    func cut() throws {
        let log = try capture([Array("abc".utf8), Array("def".utf8), Array("ghi".utf8)], limit: 4)
        #expect(log == "abcd\n[aibom: the log was cut here; 5 more bytes were printed]\n")
    }
}
