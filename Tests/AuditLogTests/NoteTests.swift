import Measure
import Testing

@testable import AuditLog

@Suite("signed notes")
struct NoteTests {
    @Test("the specification's example verifies")
    func example() throws {
        let key = try VerifierKey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
        let bytes = try Vectors.bytes("example-note.txt")
        let note = try SignedNote(bytes)
        #expect(note.text == Array("This is an example message.\n".utf8))
        #expect(try note.verified(by: [key]) == [key])
        #expect(note.bytes == bytes)
        #expect(key.description == "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    }

    @Test("the golden checkpoint verifies, and is made again byte for byte")
    func golden() throws {
        let bytes = try Vectors.bytes("golden-checkpoint.txt")
        let log = try VerifierKey(Keys.logVkey)
        let witness = try VerifierKey(Keys.witnessVkey)
        let signed = try SignedCheckpoint(bytes, log: log, witnesses: [witness])
        #expect(signed.signers == [log, witness])
        #expect(signed.checkpoint.size == 8)
        #expect(try Keys.log().key == log)

        let again = try SignedCheckpoint(signed.checkpoint, signer: Keys.log())
        let line = try Cosignature.make(over: signed.note.text, at: 1_700_000_000, by: Keys.witness())
        #expect(again.note.adding([line]).bytes == bytes)
    }

    @Test("a bit of the text or of a known key's signature changed is refused")
    func changed() throws {
        let bytes = try Vectors.bytes("golden-checkpoint.txt")
        let keys = [try VerifierKey(Keys.logVkey), try VerifierKey(Keys.witnessVkey)]
        let note = try SignedNote(bytes)
        for index in note.text.indices where note.text[index] != 0x0a {
            var text = note.text
            text[index] ^= 0x01
            let forged = SignedNote(text: text).adding(note.signatures)
            #expect(throws: LogError.self) { try forged.verified(by: keys) }
        }
        for signature in note.signatures {
            for index in signature.bytes.indices {
                var changed = signature.bytes
                changed[index] ^= 0x80
                let line = SignedNote.Signature(name: signature.name, id: signature.id, bytes: changed)
                // The other signature is as good as before: one that is wrong spoils the note.
                let forged = SignedNote(text: note.text).adding(note.signatures.filter { $0 != signature } + [line])
                #expect(throws: LogError.badSignature(key: signature.name.description)) {
                    try forged.verified(by: keys)
                }
            }
        }
    }

    @Test("signatures of strangers are passed over, also those that share a name or an id with a known key")
    func strangers() throws {
        let key = try VerifierKey(Keys.logVkey)
        let signed = try SignedCheckpoint(Vectors.bytes("golden-checkpoint.txt"), log: key)
        let sameName = SignedNote.Signature(name: key.name, id: key.id ^ 1, bytes: [UInt8](repeating: 1, count: 64))
        let sameID = SignedNote.Signature(name: "other.example", id: key.id, bytes: [1])
        #expect(try signed.note.adding([sameName, sameID]).verified(by: [key]) == [key])
        #expect(throws: LogError.unknownKey("trainrunner.example/log")) {
            try SignedNote(text: signed.note.text).adding([sameName, sameID]).verified(by: [key])
        }
        // A witness alone is not the log.
        let witness = try VerifierKey(Keys.witnessVkey)
        let line = try #require(signed.note.signatures.last)
        let cosigned = SignedNote(text: signed.note.text).adding([line])
        #expect(throws: LogError.self) { try SignedCheckpoint(cosigned.bytes, log: key, witnesses: [witness]) }
    }

    @Test("sixteen signatures are taken, and more than the limit refused")
    func manySignatures() throws {
        let note = SignedNote(text: Array("text\n".utf8))
        func signed(_ count: Int) -> [UInt8] {
            note.adding(
                (0..<count).map { .init(name: ExactText("k\($0)"), id: 1, bytes: [UInt8](repeating: 7, count: 2420)) }
            )
            .bytes
        }
        #expect(try SignedNote(signed(16)).signatures.count == 16)
        #expect(throws: LogError.self) { try SignedNote(signed(SignedNote.signatureLimit + 1)) }
    }

    @Test("the last empty line divides")
    func emptyLines() throws {
        let note = try SignedNote(Array("a\n\nb\n\n— k AAAAAQI=\n".utf8))
        #expect(note.text == Array("a\n\nb\n".utf8))
    }

    @Test(
        "malformed notes are refused",
        arguments: [
            "", "\n", "\n\n", "text\n", "text\n\n", "text\n— k AAAAAQI=\n", "text\n\n— k AAAAAQI=",
            "text\n\n- k AAAAAQI=\n",
            "text\n\n—  AAAAAQI=\n", "text\n\n— k\n", "text\n\n— k AAAAAQI\n", "text\n\n— k AAAA\n",
            "text\n\n— k+l AAAAAQI=\n",
            "text\n\n— k l AAAAAQI=\n", "text\n\n— k AAAAAQI= \n", "text\n\n— k AAAAAQJ=\n", "te\txt\n\n— k AAAAAQI=\n",
            "text\r\n\n— k AAAAAQI=\n", "text\n\n— k\u{a0}l AAAAAQI=\n", "text\n\n— k AAAAAQI=\n\n",
        ])
    func malformed(text: String) {
        #expect(throws: LogError.self) { try SignedNote(Array(text.utf8)) }
    }

    @Test("a note that is not UTF-8 is refused")
    func notText() {
        #expect(throws: LogError.self) { try SignedNote([0xff] + Array("\n\n— k AAAAAQI=\n".utf8)) }
    }

    @Test(
        "malformed verifier keys are refused",
        arguments: [
            "", "a", "a+b", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/fox+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv", "a b+530d903a+AekyeRrm",
        ])
    func malformedKeys(text: String) {
        #expect(throws: LogError.self) { try VerifierKey(text) }
    }

    @Test(
        "malformed checkpoints are refused",
        arguments: [
            "", "o\n", "o\n1\n", "\n1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
            "o\n01\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
            "o\n-1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
            "o\n1 \nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
            "o\n1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyh=\n",
            "o\n18446744073709551616\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
            "o\n0\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
            "o\n1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg\n",
            "o\n1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=",
            "o\n1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\nx\n",
        ])
    func malformedCheckpoints(text: String) {
        #expect(throws: LogError.self) { try Checkpoint(text: Array(text.utf8)) }
    }

    @Test("extension lines are kept, since they are signed")
    func extensions() throws {
        let text = Array("o\n1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\none\ntwo words\n".utf8)
        let checkpoint = try Checkpoint(text: text)
        #expect(checkpoint.extensions.map(\.description) == ["one", "two words"])
        #expect(checkpoint.text == text)
    }

    @Test("names that look alike are different names")
    func twins() throws {
        let composed = ExactText("caf\u{e9}")
        let decomposed = ExactText("cafe\u{301}")
        #expect(composed != decomposed)
    }
}
