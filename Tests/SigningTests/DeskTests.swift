import Keys
import Testing

@testable import Signing

@Suite("Signing desk")
struct DeskTests {
    /// The table of the documentation, written again: what is served to whom, and when.
    static let table: [SignerRole: [[Verb]]] = [
        .documents: [[.publicKey], [.signBill, .signFailure], [.signStatement, .signModel, .endJob]],
        .log: [[.publicKey], [.signCheckpoint], []],
        .witness: [[.publicKey], [.cosign], []],
    ]

    @Test(
        "serves a verb to its role in its state, and to nobody else at any other time", arguments: SignerRole.allCases)
    func table(role: SignerRole) throws {
        let rows = try #require(Self.table[role])
        for (stage, permitted) in rows.enumerated() {
            for verb in Verb.allCases {
                let key = try SigningKey.generate(role == .documents ? .p256 : .ed25519)
                let job = TestJob(key.publicKey)
                var desk = SigningDesk(key: key, role: role)
                if stage >= 1 { _ = try desk.answer(Frame(kind: Verb.publicKey.rawValue)) }
                if stage == 2 && role == .documents {
                    #expect(
                        try desk.answer(Frame(kind: Verb.signBill.rawValue, payload: job.bill)).kind
                            == Reply.done.rawValue)
                } else if stage == 2 {
                    continue
                }
                if permitted.contains(verb) {
                    _ = try desk.answer(Frame(kind: verb.rawValue))
                } else {
                    #expect(throws: SigningDesk.Violation.notNow(verb), "\(verb) at \(stage)") {
                        try desk.answer(Frame(kind: verb.rawValue))
                    }
                }
            }
        }
    }

    @Test("knows no other verb", arguments: (0...255).filter { Verb(rawValue: $0) == nil } as [UInt8])
    func unknown(_ kind: UInt8) throws {
        var desk = SigningDesk(key: try SigningKey.generate())
        #expect(throws: SigningDesk.Violation.unknownVerb(kind)) { try desk.answer(Frame(kind: kind)) }
    }

    @Test("takes no payload where none belongs, and none that is too large")
    func oversize() throws {
        var desk = SigningDesk(key: try SigningKey.generate())
        #expect(throws: SigningDesk.Violation.oversize(.publicKey)) {
            try desk.answer(Frame(kind: Verb.publicKey.rawValue, payload: [0]))
        }
        _ = try desk.answer(Frame(kind: Verb.publicKey.rawValue))
        for verb in [Verb.signBill, .signFailure] {
            #expect(throws: SigningDesk.Violation.oversize(verb)) {
                try desk.answer(Frame(kind: verb.rawValue, payload: [UInt8](repeating: 0x20, count: 8 << 20 + 1)))
            }
        }
    }

    @Test("a refusal says why, and leaves the desk open and where it was")
    func refusal() throws {
        let key = try SigningKey.generate()
        let job = TestJob(key.publicKey)
        var desk = SigningDesk(key: key)
        _ = try desk.answer(Frame(kind: Verb.publicKey.rawValue))
        let refusal = try desk.answer(Frame(kind: Verb.signBill.rawValue, payload: Array("{}".utf8)))
        #expect(refusal.kind == Reply.refused.rawValue)
        #expect(String(decoding: refusal.payload, as: UTF8.self).contains("bomFormat"))
        #expect(throws: SigningDesk.Violation.notNow(.endJob)) { try desk.answer(Frame(kind: Verb.endJob.rawValue)) }
        #expect(try desk.answer(Frame(kind: Verb.signBill.rawValue, payload: job.bill)).kind == Reply.done.rawValue)
    }
}
