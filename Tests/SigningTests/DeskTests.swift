import Keys
import Testing

@testable import Signing

@Suite("Signing desk")
struct DeskTests {
    @Test("serves a verb only in its state")
    func states() throws {
        let key = try SigningKey.generate()
        let publicKey = key.publicKey
        var desk = SigningDesk(key: key)
        #expect(throws: SigningDesk.Violation.notNow(.signStatement)) {
            try desk.answer(Frame(kind: Verb.signStatement.rawValue, payload: statement))
        }
        let introduction = try desk.answer(Frame(kind: Verb.publicKey.rawValue))
        #expect(introduction == Frame(kind: Reply.done.rawValue, payload: publicKey.der))
        let reply = try desk.answer(Frame(kind: Verb.signStatement.rawValue, payload: statement))
        #expect(reply.kind == Reply.done.rawValue)
        #expect(publicKey.verify(signature: reply.payload, over: statement))
    }

    @Test("knows no other verb", arguments: (0...255).filter { Verb(rawValue: $0) == nil } as [UInt8])
    func unknown(_ kind: UInt8) throws {
        var desk = SigningDesk(key: try SigningKey.generate())
        #expect(throws: SigningDesk.Violation.unknownVerb(kind)) { try desk.answer(Frame(kind: kind)) }
    }

    @Test("takes no payload where none belongs")
    func oversize() throws {
        var desk = SigningDesk(key: try SigningKey.generate())
        #expect(throws: SigningDesk.Violation.oversize(.publicKey)) {
            try desk.answer(Frame(kind: Verb.publicKey.rawValue, payload: [0]))
        }
    }

    @Test(
        "signs nothing but an AIBoM",
        arguments: [
            ("\"CycloneDX\"", "\"SPDX\""), ("\"1.6\"", "\"1.5\""), ("\"version\":1", "\"version\":2"),
            ("7c3a", "4c3a"), ("9f00", "cf00"), ("0198f3c2", "0198F3C2"), ("urn:uuid:", "urn:oid:"),
            ("observed:job.id", "observed:job"), ("aibomgen:", "other:"),
            ("}]}", "},{\"name\":\"x\",\"value\":\"\"}]}"),
            ("\"version\":1", "\"version\":1,\"version\":1"), ("\"version\":1", "\"version\":1,\"signature\":{}"),
            ("}]}}", "}]}"), ("{\"bomFormat\"", "{\"a\":1.5,\"bomFormat\""),
        ])
    func shape(part: String, replacement: String) throws {
        let text = String(decoding: statement, as: UTF8.self)
        let changed = text.replacing(part, with: replacement, maxReplacements: 1)
        try #require(changed != text)
        try StatementShape.check(statement)
        // A decimal somewhere is no fault of the shape: the last case shows that the others fail for their own reason.
        if replacement.contains("1.5,") {
            try StatementShape.check(Array(changed.utf8))
        } else {
            #expect(throws: SigningError.self) { try StatementShape.check(Array(changed.utf8)) }
        }
    }

    @Test("a statement that states another job's id is refused")
    func otherJob() throws {
        let text = String(decoding: statement, as: UTF8.self).replacing("6789ab\"}", with: "6789ac\"}")
        #expect(throws: SigningError.self) { try StatementShape.check(Array(text.utf8)) }
    }

    @Test("a refusal says why and leaves the desk open")
    func refusal() throws {
        var desk = SigningDesk(key: try SigningKey.generate())
        _ = try desk.answer(Frame(kind: Verb.publicKey.rawValue))
        let refusal = try desk.answer(Frame(kind: Verb.signStatement.rawValue, payload: Array("{}".utf8)))
        #expect(refusal.kind == Reply.refused.rawValue)
        #expect(String(decoding: refusal.payload, as: UTF8.self).contains("bomFormat"))
        #expect(
            try desk.answer(Frame(kind: Verb.signStatement.rawValue, payload: statement)).kind == Reply.done.rawValue)
    }
}
