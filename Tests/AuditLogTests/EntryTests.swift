import Foundation
import JSON
import Measure
import Testing

@testable import AuditLog

@Suite("log entries")
struct EntryTests {
    private static let digest = JSON.string("sha256:" + String(repeating: "ab", count: 32))

    private func entry() throws -> LogEntry {
        try LogEntry(
            .jobSealed, at: Instant(milliseconds: 1_700_000_000_123), severity: .low, actor: "supervisor",
            owner: "uid:7",
            job: "0190-x", detail: ["outcome": "completed", "attempt": 1, "artifacts": ["aibom.json": Self.digest]])
    }

    @Test("have one text, with sorted members")
    func text() throws {
        let bytes = try entry().bytes()
        let expected =
            #"{"actor":"supervisor","detail":{"artifacts":{"aibom.json":""# + (Self.digest.stringValue ?? "")
            + #""},"attempt":1,"outcome":"completed"},"event":"job.sealed","job":"0190-x","owner":"uid:7","severity":"low","#
            + #""time":"2023-11-14T22:13:20.123Z","version":"1.0"}"#
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        let read = try LogEntry(bytes: bytes)
        #expect(try read.bytes() == bytes)
        #expect(
            read.event == .known(.jobSealed) && read.severity == .low && read.owner == "uid:7" && read.job == "0190-x")
    }

    @Test(
        "in any other text are refused",
        arguments: [
            (#""version":"1.0""#, #""version":"2.0""#), (#""version":"1.0""#, #""version":"1""#),
            (#""version":"1.0""#, #""version":1"#), (#""severity":"low""#, #""severity":"bad""#),
            (#""time":"2023-11-14T22:13:20.123Z""#, #""time":"2023-11-14T22:13:20Z""#),
            (#""event":"job.sealed""#, #""event":"job.other""#), (#""actor":"supervisor""#, #""actor":"""#),
            (#""actor":"supervisor","#, ""), (#","job":"0190-x""#, ""), (#""attempt":1,"#, ""),
            (#""attempt":1"#, #""attempt":1.5"#),
            (#","severity""#, #", "severity""#), (#""owner":"uid:7""#, #""owner":7"#),
            (#""severity""#, #""other":1,"severity""#),
            ("sha256:ab", "sha256:AB"), ("}", "},"),
        ])
    func otherText(part: String, replacement: String) throws {
        let text = String(decoding: try entry().bytes(), as: UTF8.self)
        let changed = text.replacing(part, with: replacement)
        #expect(changed != text)
        #expect(throws: LogError.self) { try LogEntry(bytes: Array(changed.utf8)) }
    }

    @Test("of a newer minor version are shown, with what is new in them")
    func newerMinor() throws {
        let text =
            #"{"actor":"supervisor","detail":{"pages":3},"event":"job.printed","printer":"p","severity":"low","#
            + #""time":"2023-11-14T22:13:20.123Z","version":"1.7"}"#
        let entry = try LogEntry(bytes: Array(text.utf8))
        #expect(entry.event == .other("job.printed"))
        #expect(entry.detail["pages"] == 3)
        let asOurs = text.replacing(#""version":"1.7""#, with: #""version":"1.0""#)
        #expect(throws: LogError.self) { try LogEntry(bytes: Array(asOurs.utf8)) }
    }

    @Test("ask for what their event's schema says, of its type", arguments: LogEvent.Kind.allCases)
    func schema(kind: LogEvent.Kind) throws {
        var detail = JSONObject()
        for member in kind.detail { detail[member.name] = Self.example(of: member.type) }
        func made(_ detail: JSONObject, job: String?) throws -> LogEntry {
            try LogEntry(kind, actor: "supervisor", job: job, detail: .object(detail))
        }
        let entry = try made(detail, job: "j")
        #expect(try LogEntry(bytes: entry.bytes()).event == .known(kind))
        if kind.isOfJob { #expect(throws: LogError.self) { try made(detail, job: nil) } }
        for member in kind.detail {
            var without = JSONObject()
            for other in detail.members where other.key != member.name { without[other.key] = other.value }
            #expect(throws: LogError.self) { try made(without, job: "j") }
            detail[member.name] = .null
            #expect(throws: LogError.self) { try made(detail, job: "j") }
            detail[member.name] = Self.example(of: member.type)
        }
    }

    @Test("are all in the documentation, with their members")
    func documented() throws {
        let page = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/audit-log.md"),
            encoding: .utf8)
        for kind in LogEvent.Kind.allCases {
            let row = try #require(page.split(separator: "\n").first { $0.hasPrefix("| `\(kind.rawValue)` |") })
            for member in kind.detail { #expect(row.contains("`\(member.name)`"), "\(kind.rawValue): \(member.name)") }
        }
        for severity in Severity.allCases { #expect(page.contains("`\(severity.rawValue)`")) }
    }

    @Test("that are too large are refused, and a fraction has no place")
    func limits() throws {
        let large = JSON.string(String(repeating: "x", count: 66_000))
        let entry = try LogEntry(.jobRefused, actor: "uid:1", detail: ["reason": large])
        #expect(throws: LogError.self) { try entry.bytes() }
        let deep = try LogEntry(.jobRefused, actor: "uid:1", detail: ["reason": "r", "x": [[[[[[[[1]]]]]]]]])
        #expect(throws: LogError.self) { try deep.bytes() }
        let fraction = try LogEntry(
            .jobRefused, actor: "uid:1", detail: ["reason": "r", "x": JSONDecimal(0.5).map { .decimal($0) } ?? .null])
        #expect(throws: LogError.self) { try fraction.bytes() }
    }

    private static func example(of type: LogEvent.Kind.DetailType) -> JSON {
        switch type {
        case .text: "text"
        case .integer: -5
        case .count: 5
        case .digest: digest
        case .digests: ["name": digest]
        case .object: [:]
        case .list: []
        case .flag: true
        }
    }
}
