import JSON
import Jobs
import Linux
import Measure
import Testing

@testable import aibom

@Suite("what the client reads")
struct ClientTests {
    static let events = [
        JobEvent(sequence: 1, time: Instant(milliseconds: 1), kind: .note("größer\nals")),
        JobEvent(sequence: 2, time: Instant(milliseconds: 2), kind: .state(.completed, attempt: 1)),
    ]

    @Test("events arrive whole, however the bytes were cut", arguments: [1, 2, 7, 1000])
    func eventsInPieces(size: Int) throws {
        let text = Self.events.map { "id: \($0.sequence)\nevent: \($0.kind.name)\ndata: \($0.json)\n\n" }
        let bytes = Array(": waiting\n\n\(text.joined(separator: ": waiting\n\n"))".utf8)
        var reader = EventReader()
        var read: [JobEvent] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            read += try reader.read(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(read == Self.events)
    }

    @Test("what is no event of ours is refused", arguments: ["data: {\n\n", "data: {}\n\n", "data: null\n\n"])
    func noEvents(text: String) {
        var reader = EventReader()
        #expect(throws: CommandError.unintelligible("events")) { try reader.read(text.utf8) }
    }

    @Test("a line without an end is refused before it fills the memory")
    func endlessLine() {
        var reader = EventReader()
        #expect(throws: CommandError.self) { try reader.read(repeatElement(0x61, count: 2 << 20)) }
    }

    @Test("a log on a terminal moves nothing", arguments: [1, 3, 1000])
    func harmlessLog(size: Int) {
        let log = Array("\u{1b}[31mrote\tGrün\r\n".utf8) + [0xff, 0xc3] + Array("ende\u{202e}".utf8)
        var shown: [UInt8] = []
        var printer = LogPrinter(isHarmless: true) {
            shown += $0; return true
        }
        for start in stride(from: 0, to: log.count, by: size) {
            let isRead = printer.print(Array(log[start..<min(start + size, log.count)]))
            #expect(isRead)
        }
        printer.finish()
        let text = String(decoding: shown, as: UTF8.self)
        #expect(text == "\\x1b[31mrote\tGrün\\x0d\n\\xff\\xc3ende\\xe2\\x80\\xae")
        #expect(printer.size == UInt64(log.count))
    }

    @Test("a socket's path stands where a host stands")
    func socketPlace() {
        #expect(ServicePlace(socket: "/run/a b.sock").base == "http+unix://%2Frun%2Fa%20b%2Esock")
    }

    @Test(
        "a parameter keeps its digits",
        arguments: [("1", "1"), ("0.10", "0.10"), ("1e-3", "1e-3"), ("true", "\"true\"")])
    func parameters(text: String, json: String) throws {
        let assignment = try #require(Assignment(argument: "k=\(text)"))
        #expect(assignment.number.description == json)
    }

    @Test("an assignment has a key", arguments: ["", "=", "=v", "k"])
    func noAssignment(text: String) { #expect(Assignment(argument: text) == nil) }

    @Test("a name in a URL is one component")
    func escapedName() {
        #expect("a b?ü.txt".urlEscaped == "a%20b%3F%C3%BC.txt")
        #expect("a&b=c/\u{1}".urlEscaped == "a%26b%3Dc%2F%01")
    }
}
