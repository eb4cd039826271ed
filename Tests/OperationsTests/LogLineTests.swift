import JSON
import Logging
import Measure
import Synchronization
import Testing

@testable import Operations

@Suite("A line of the log")
struct LogLineTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:]) -> LogLine {
        LogLine(time: Instant(milliseconds: 1_763_876_543_007), level: .info, message: message, metadata: metadata)
    }

    private func text(_ message: String, _ metadata: Logger.Metadata = [:]) -> String {
        String(decoding: line(message, metadata).bytes(as: .text), as: UTF8.self)
    }

    private func json(_ message: String, _ metadata: Logger.Metadata = [:]) throws -> JSON {
        try JSON.parse(line(message, metadata).bytes(as: .json), limits: .report)
    }

    @Test("of text has time, level, message and values by name")
    func asText() {
        #expect(
            text("job ended", ["job": "0199", "why": "it is done", "empty": ""])
                == "2025-11-23T05:42:23.007Z info job ended empty=\"\" job=0199 why=\"it is done\"\n")
    }

    @Test("of JSON has the same as members")
    func asJSON() throws {
        #expect(
            try json("job ended", ["job": "0199", "list": ["a", "b"], "of": ["name": "c"]]) == [
                "time": "2025-11-23T05:42:23.007Z", "level": "info", "message": "job ended", "job": "0199",
                "list": ["a", "b"], "of": ["name": "c"],
            ])
    }

    @Test("of JSON keeps its own members, whatever the metadata is called")
    func ownMembers() throws {
        let json = try json("true", ["message": "forged", "level": "critical"])
        #expect(json["message"] == "true")
        #expect(json["level"] == "info")
        #expect(json["metadata.message"] == "forged")
    }

    /// What ends a line, moves a cursor or turns the direction of writing somewhere.
    static let attacks = [
        "\n", "\r", "\u{1b}[2K", "\u{85}", "\u{2028}", "\u{2029}", "\u{202e}", "\u{9b}2K", "\0", "\u{7f}",
    ]

    @Test("stays one line of plain text, whatever a user wrote", arguments: attacks, [LogLine.Format.text, .json])
    func oneLine(_ attack: String, _ format: LogLine.Format) {
        let forged = "a\(attack)2025-11-23T05:42:23.007Z info root logged in"
        let bytes = line(forged, ["name": .string(forged), "\(forged)": "x"]).bytes(as: format)
        #expect(bytes.last == 0x0a)
        #expect(!bytes.dropLast().contains { $0 < 0x20 || $0 == 0x7f })
        let text = String(decoding: bytes.dropLast(), as: UTF8.self)
        #expect(
            text.unicodeScalars.allSatisfy {
                ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
            })
    }

    @Test("of JSON gives back exactly what was written", arguments: attacks)
    func roundTrip(_ attack: String) throws {
        let word = "a\(attack)b"
        #expect(
            try json(word, ["value": .string(word)]) == [
                "time": "2025-11-23T05:42:23.007Z", "level": "info", "message": .string(word), "value": .string(word),
            ])
    }

    @Test("can't make one value look like two")
    func values() {
        #expect(text("m", ["name": "a\" admin=\"yes"]).hasSuffix("name=\"a\\\" admin=\\\"yes\"\n"))
        #expect(text("m", ["name": "a=b"]).hasSuffix("name=\"a=b\"\n"))
    }

    @Test(
        "has no secret, by the name of the value",
        arguments: [
            "token", "Authorization", "http.request.header.authorization", "client_secret", "x-api-token", "Set-Cookie",
        ])
    func secretNames(_ name: String) throws {
        #expect(!text("m", [name: "hunter2"]).contains("hunter2"))
        #expect(!text("m", ["headers": [name: "hunter2"]]).contains("hunter2"))
        #expect(try json("m", [name: ["hunter2"]])[name] == .string(Redaction.mark))
    }

    @Test(
        "has no secret of our own form, wherever it stands",
        arguments: [
            "aibom_0123456789abcdef0123", "Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
            "?expires=1&signature=0123456789abcdef0123",
        ])
    func secretForms(_ secret: String) {
        let shown = text("failed for \(secret)!", ["path": .string("/x/\(secret)")])
        #expect(!shown.contains("0123456789abcdef") && !shown.contains("eyJ"))
        #expect(shown.contains("(withheld)!"))
    }

    @Test("keeps words that only begin like a secret")
    func innocent() { #expect(text("aibom_test is up").contains("aibom_test is up")) }

    @Test("is short, whatever a user wrote")
    func long() {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(line(long, ["value": .string(long)]).bytes(as: .text).count < 10_000)
        #expect(line(long, ["value": .string(long)]).bytes(as: .json).count < 10_000)
    }
}

@Suite("The log")
struct LineLogHandlerTests {
    private final class Lines: Sendable {
        let list = Mutex<[String]>([])
        func take(_ bytes: [UInt8]) { list.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
    }

    @Test("writes what has weight enough, each event by one write, with the logger's own metadata")
    func writes() throws {
        let lines = Lines()
        var log = Logger(label: "test") { _ in LineLogHandler(.json, level: .notice, write: lines.take) }
        log[metadataKey: "service"] = "one"
        log.info("too light")
        log.notice("heavy enough", metadata: ["a": "b"])
        let written = lines.list.withLock { $0 }
        try #require(written.count == 1)
        let json = try JSON.parse(Array(written[0].utf8), limits: .report)
        #expect(json["message"] == "heavy enough")
        #expect(json["service"] == "one")
        #expect(json["a"] == "b")
        #expect(Instant(json["time"]?.stringValue ?? "") != nil)
    }
}
