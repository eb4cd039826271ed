import Foundation
import Linux
import Measure
import Testing

@testable import AuditLog

@Suite("tlog proofs")
struct ProofTests {
    private func made(_ folder: Folder, count: Int) throws -> (TileReader, SignedCheckpoint) {
        let log = try Log(in: folder.open(), signer: Keys.log())
        let receipt = try log.append(entries(0..<count), until: .published)
        try log.close()
        return (try TileReader(path: "\(folder.path)/log"), try #require(receipt.checkpoint))
    }

    @Test("verify for every entry, and for no other", arguments: [1, 2, 255, 257, 1000])
    func verifies(count: Int) throws {
        let folder = try Folder()
        let (reader, signed) = try made(folder, count: count)
        let key = try Keys.log().key
        let step = max(1, count / 50)
        for index in stride(from: 0, to: count, by: step) {
            let proof = try TlogProof(of: UInt64(index), in: reader, under: signed)
            let read = try TlogProof(proof.bytes)
            #expect(read == proof)
            #expect(try read.verify(entry: entries(index..<(index + 1))[0], log: key).checkpoint == signed.checkpoint)
            #expect(throws: LogError.self) { try read.verify(entry: Array("another".utf8), log: key) }
            #expect(throws: LogError.self) {
                try read.verify(entry: entries(index..<(index + 1))[0], log: Keys.log(seed: "x").key)
            }
        }
        #expect(throws: LogError.self) { try TlogProof(of: UInt64(count), in: reader, under: signed) }
    }

    @Test("carry cosignatures and extra data")
    func carries() throws {
        let folder = try Folder()
        let (reader, signed) = try made(folder, count: 3)
        let witness = try Keys.witness()
        let line = try Cosignature.make(over: signed.note.text, at: 1_700_000_000, by: witness)
        let plain = try TlogProof(of: 1, in: reader, under: signed)
        let text =
            String(decoding: plain.bytes, as: UTF8.self)
            .replacing("\nindex", with: "\nextra aGVsbG8=\nindex") + String(decoding: line.line, as: UTF8.self)
        let proof = try TlogProof(Array(text.utf8))
        #expect(proof.extra == Array("hello".utf8))
        #expect(proof.bytes == Array(text.utf8))
        let verified = try proof.verify(
            entry: entries(1..<2)[0], log: signed.signers.first ?? witness.key, witnesses: [witness.key])
        #expect(verified.signers == [try Keys.log().key, witness.key])
    }

    @Test("in any other form are refused")
    func malformed() throws {
        let folder = try Folder()
        let (reader, signed) = try made(folder, count: 3)
        let text = String(decoding: try TlogProof(of: 1, in: reader, under: signed).bytes, as: UTF8.self)
        for (part, replacement) in [
            ("@v1", "@v2"), ("index 1", "index 01"), ("index 1", "index -1"), ("index 1", "index"), ("index 1\n", ""),
            ("=\n\n", "=\nx\n\n"), ("index 1\n", "index 1\nextra aGVsbG8=\n"), ("\n\ntrain", "\ntrain"),
            ("index 1\n", "index 1\n" + String(repeating: "\(TreeHasher.emptyRoot)\n", count: 64)),
        ] {
            let changed = text.replacing(part, with: replacement, maxReplacements: 1)
            #expect(changed != text)
            #expect(throws: LogError.self, "\(part) -> \(replacement)") { try TlogProof(Array(changed.utf8)) }
        }
        for cut in stride(from: 0, to: text.utf8.count - 1, by: 7) {
            let key = try Keys.log().key
            #expect(throws: LogError.self) {
                try TlogProof(Array(text.utf8.prefix(cut))).verify(entry: entries(1..<2)[0], log: key)
            }
        }
    }
}
