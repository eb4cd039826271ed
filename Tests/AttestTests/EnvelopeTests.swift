import Attest
import Foundation
import JSON
import Testing

@Suite("DSSE envelope")
struct EnvelopeTests {
    @Test("the specification's example: the bytes that are signed, and the envelope")
    func specification() throws {
        let signed = try Vectors.file("dsse/hello.pae")
        #expect(
            Envelope.preAuthentication(type: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
                == signed)
        let envelope = try Envelope(json: try Vectors.file("dsse/hello.json"))
        #expect(envelope.payload == Array("hello world".utf8))
        #expect(envelope.signedBytes == signed)
        #expect(envelope.signatures.map(\.keyID) == [""])
        #expect(envelope.signatures[0].bytes.count == 64)
    }

    @Test("lengths count bytes, not letters")
    func lengths() {
        #expect(Envelope.preAuthentication(type: "é", payload: [0xff]) == Array("DSSEv1 2 é 1 ".utf8) + [0xff])
        #expect(Envelope.preAuthentication(type: "", payload: []) == Array("DSSEv1 0  0 ".utf8))
    }

    @Test("writes one line with the standard alphabet, and reads it back")
    func roundTrip() throws {
        for count in 0..<7 {
            let payload = (0..<count).map { UInt8(0xff - $0) }
            let envelope = Envelope(
                payload: payload, signatures: [.init(keyID: "a", bytes: [0xfb]), .init(keyID: "", bytes: [1, 2, 3])])
            #expect(try Envelope(json: envelope.line) == envelope)
            #expect(!envelope.line.contains(0x0a))
        }
        let envelope = Envelope(payload: [0xfb, 0xff, 0xfe], signatures: [.init(keyID: "k", bytes: [0xff])])
        #expect(
            String(decoding: envelope.line, as: UTF8.self)
                == #"{"payload":"+//+","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"k","sig":"/w=="}]}"#
        )
        #expect(try Envelope.read(lines: Envelope.lines([envelope, envelope])) == [envelope, envelope])
    }

    private static let sound =
        #"{"payload":"+//+","payloadType":"t","signatures":[{"keyid":"k","sig":"/w=="}]}"#

    @Test(
        "refuses what has a second reading, and says what it is",
        arguments: [
            (#""payload":"+//+""#, #""payload":"+//+","payload":"+//+""#, "twice"),
            (#"{"payload""#, #"{"extra":1,"payload""#, "unknown extra"),
            (#"{"keyid""#, #"{"cert":"x","keyid""#, "unknown signatures[0].cert"),
            (#""payload":"+//+","#, "", "missing payload"),
            (#""payloadType":"t","#, "", "missing payloadType"),
            (#","signatures":[{"keyid":"k","sig":"/w=="}]"#, "", "missing signatures"),
            (#","sig":"/w==""#, "", "missing signatures[0].sig"),
            (#""+//+""#, "7", "mistyped payload"),
            (#""t""#, "null", "mistyped payloadType"),
            (#""t""#, #""""#, "empty payloadType"),
            (#"[{"keyid":"k","sig":"/w=="}]"#, #""x""#, "mistyped signatures"),
            (#"{"keyid":"k","sig":"/w=="}"#, #""x""#, "mistyped signatures[0]"),
            (#"{"keyid":"k","sig":"/w=="}"#, "", "empty signatures"),
            (#""k""#, "1", "mistyped signatures[0].keyid"),
            (#""/w==""#, #""""#, "empty signatures[0].sig"),
            ("+//+", "-__-", "base64 payload"), ("+//+", "+//", "base64 payload"), ("+//+", "+//+ ", "base64 payload"),
            ("+//+", "+/+=", "base64 payload"), ("+//+", "====", "base64 payload"), ("+//+", "+=/=", "base64 payload"),
            ("/w==", "/x==", "base64 signatures[0].sig"), ("/w==", "/w", "base64 signatures[0].sig"),
            ("/w==", #"/w\n=="#, "base64 signatures[0].sig"),
        ])
    func refusals(part: String, replacement: String, reason: String) throws {
        let changed = Self.sound.replacing(part, with: replacement)
        try #require(changed != Self.sound)
        #expect(Self.fault(Array(changed.utf8)) == reason)
    }

    @Test("refuses what stands around an envelope")
    func surrounded() throws {
        #expect(Self.fault(Array(Self.sound.utf8)) == nil)
        for text in [Self.sound + " ", Self.sound + "\n", " " + Self.sound] {
            #expect(Self.fault(Array(text.utf8)) == "surrounded")
        }
        for text in [Self.sound + "x", Self.sound + Self.sound, "\u{feff}" + Self.sound, ""] {
            #expect(Self.fault(Array(text.utf8)) == "json")
        }
        #expect(Self.fault(Array("[]".utf8)) == "mistyped the document")
    }

    @Test("refuses a signature of a size that no key of ours makes, and more than anybody needs")
    func sizes() throws {
        let long = Envelope(payload: [], signatures: [.init(keyID: "", bytes: Array(repeating: 1, count: 2000))])
        #expect(Self.fault(long.line) == "value signatures[0].sig")
        let many = Envelope(payload: [], signatures: Array(repeating: .init(keyID: "", bytes: [1]), count: 17))
        #expect(Self.fault(many.line) == "value signatures")
    }

    @Test("a file is lines, each with its end, and a fault names its line")
    func file() throws {
        let line = Array(Self.sound.utf8)
        #expect(try Envelope.read(lines: line + [0x0a]).count == 1)
        for (bytes, expected) in [
            ([], AttestError.envelope(.empty("the file"))), (line, .envelope(.missing("the last line's end"))),
            (line + [0x0a, 0x0a], .line(2, .empty("the line"))), ([0x0a], .line(1, .empty("the line"))),
            (line + [0x0d, 0x0a], .line(1, .surrounded)),
            (line + [0x0a, 0x7b, 0x7d, 0x0a], .line(2, .missing("payload"))),
        ] as [([UInt8], AttestError)] {
            #expect(throws: expected) { try Envelope.read(lines: bytes) }
        }
        #expect(throws: AttestError.self) {
            try Envelope.read(lines: Array(repeating: line + [0x0a], count: 17).flatMap { $0 })
        }
    }

    /// In short, so that a table of refusals can be read.
    static func fault(_ bytes: [UInt8]) -> String? {
        do { _ = try Envelope(json: bytes) } catch AttestError.envelope(let fault) { return short(fault) } catch {
            return "\(error)"
        }
        return nil
    }

    static func short(_ fault: ShapeFault) -> String {
        switch fault {
        case .json(.duplicateKey): "twice"
        case .json: "json"
        case .surrounded: "surrounded"
        case .unknown(let member): "unknown \(member)"
        case .missing(let member): "missing \(member)"
        case .mistyped(let member, _): "mistyped \(member)"
        case .notBase64(let member): "base64 \(member)"
        case .empty(let member): "empty \(member)"
        case .twice(let member): "twice \(member)"
        case .value(let member, _, _): "value \(member)"
        }
    }
}

extension Vectors {
    static func file(_ path: String) throws -> [UInt8] {
        Array(
            try Data(
                contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/\(path)")))
    }
}
