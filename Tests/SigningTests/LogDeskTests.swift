import AuditLog
import Foundation
import Glibc
import Keys
import Linux
import Measure
import Testing

@testable import Signing

@Suite("A log's signer", .serialized)
struct LogDeskTests {
    private func frame(_ verb: Verb, _ payload: [UInt8] = []) -> Frame { Frame(kind: verb.rawValue, payload: payload) }

    @Test("a witness's key signs cosignatures only")
    func cosigns() throws {
        let key = try SigningKey.generate(.ed25519)
        let publicKey = key.publicKey
        var desk = SigningDesk(key: key, role: .witness)
        _ = try desk.answer(frame(.publicKey))
        let text = String(decoding: Checkpoint.empty("a.example/log").text, as: UTF8.self)
        let good = Array("cosignature/v1\ntime 1700000000\n\(text)".utf8)
        let reply = try desk.answer(frame(.cosign, good))
        #expect(reply.kind == Reply.done.rawValue && publicKey.verify(signature: reply.payload, over: good))
        for bad in [
            text, "cosignature/v1\n\(text)", "cosignature/v2\ntime 1\n\(text)", "cosignature/v1\ntime -1\n\(text)",
            "cosignature/v1\ntime 1\n",
        ] {
            #expect(try desk.answer(frame(.cosign, Array(bad.utf8))).kind == Reply.refused.rawValue, "\(bad)")
        }
    }

    /// The real process, behind a real log.
    @Test("signs a log across starts, survives its own death, and refuses a fork")
    func process() throws {
        let folder = try Folder()
        let keys = KeyFolder(state: folder.path)
        _ = try keys.generate(.log)
        func signer() throws -> LogSigner {
            try LogSigner(
                executable: SignerTests.executable, key: try KeyFile.open(keys.privateKey(of: .log)), role: .log)
        }
        func log(_ name: String, _ signer: LogSigner) throws -> Log {
            try Log(in: OwnedDescriptor.directory("\(folder.path)/\(name)"), signer: signer)
        }
        let first = try signer()
        let one = try log("log", first)
        for number in 0..<10 { try one.append([Array("entry \(number)".utf8)]) }
        #expect(try one.append([[1]], until: .published).checkpoint?.checkpoint.size == 11)
        // It is killed; its successor has no memory, and is shown what the first one signed.
        kill(try #require(first.processID), SIGKILL)
        #expect(throws: LogError.self) { try one.append([[2]], until: .published) }
        #expect(try one.append([[3]], until: .published).checkpoint?.checkpoint.size == 13)
        try one.close()
        let two = try log("log", signer())
        #expect(try two.append([[4]], until: .published).checkpoint?.checkpoint.size == 14)
        let published = try #require(two.published)
        try two.close()
        #expect(LogVerifier(try TileReader(path: "\(folder.path)/log"), key: two.key).verify().holds)

        // A process that signed 14 entries signs no other tree, and none that does not show them.
        let third = try signer()
        _ = try third.sign(GrowthClaim(published.checkpoint, after: published.note, proof: []))
        let fork = Checkpoint(origin: third.key.name, size: 14, root: TreeHash(Digest.of([1])))
        #expect(throws: LogError.self) { try third.sign(GrowthClaim(fork, after: published.note, proof: [])) }
        #expect(throws: LogError.self) { try third.sign(GrowthClaim(.empty(third.key.name), after: nil, proof: [])) }
        #expect(throws: LogError.self) { try third.sign(published.note.text) }
        #expect(third.key.name.description == "aibom/\(third.publicKey.keyID.prefix(16))")
    }

    @Test("takes no key of another kind")
    func kinds() throws {
        let folder = try Folder()
        try SigningKey.generate(at: folder.file("p256.pem"))
        try SigningKey.generate(at: folder.file("ed25519.pem"), .ed25519)
        let printed = try OpenSSL.run("pkey", "-in", folder.file("ed25519.pem"), "-noout", "-text")
        #expect(printed.status == 0 && printed.output.contains("ED25519"))
        #expect(throws: SigningError.self) {
            try LogSigner(
                executable: SignerTests.executable, key: KeyFile.open(folder.file("p256.pem")), role: .log)
        }
        // Documents are signed with Ed25519, too, by whoever wants that.
        let client = try SignerClient.spawn(
            executable: SignerTests.executable, key: KeyFile.open(folder.file("ed25519.pem")))
        #expect(client.publicKey.algorithm == .ed25519)
    }
}
