import Attest
import EvidenceTesting
import Foundation
import Glibc
import JSON
import Keys
import Signing
import Testing
import Verify

@Suite("Verifier")
struct VerifierTests {
    private func verify(_ evidence: Evidence, inputs: [String] = []) -> Verdict {
        Verifier.verify(directory: evidence.path, trust: VerifierTrust(evidence.publicKey), inputs: inputs)
    }

    private func failures(_ verdict: Verdict) -> [String] {
        verdict.failures.map { "\($0.name.rawValue) \($0.subject)" }
    }

    @Test("untouched evidence holds, and the verdict lists what was checked")
    func untouched() throws {
        let evidence = try Evidence()
        let verdict = verify(evidence)
        #expect(verdict.holds, "\(verdict.failures)")
        #expect(
            verdict.checks.map(\.name)
                == [
                    .signature, .document, .key, .builder, .policy, .artifact, .artifact, .artifact, .artifact,
                    .model,
                ] + Array(repeating: .statement, count: 9) + [.modelSignature, .platform, .extra])
        #expect(verdict.json["verified"] == true)
        #expect(verdict.checks.filter { $0.outcome == .claimed }.map(\.name) == [.builder, .policy, .platform])
        let first = verdict.json["checks"]?.arrayValue?.first
        #expect(first?["vouched_by"] == ["kind": "key", "id": .string(evidence.publicKey.keyID)])
        #expect(first?["outcome"] == "holds" && first?["reason"] == .null)
    }

    @Test("the record of a failed job holds, until its logs are touched")
    func failedJob() throws {
        let evidence = try Evidence(outcome: .failed(reason: "out of memory"))
        #expect(verify(evidence).holds, "\(verify(evidence).failures)")
        #expect(!verify(evidence).checks.contains { $0.name == .model })
        try evidence.write([0], to: "logs.txt")
        #expect(failures(verify(evidence)) == ["artifact logs.txt"])
    }

    @Test("one changed byte, anywhere in an artifact, names the artifact", arguments: Evidence.artifacts)
    func changedByte(_ name: String) throws {
        let evidence = try Evidence()
        let bytes = try evidence.read(name)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            try evidence.write(changed, to: name)
            #expect(failures(verify(evidence)) == ["artifact \(name)"])
        }
        try evidence.write(bytes, to: name)
        #expect(verify(evidence).holds)
    }

    @Test("one byte more or less names the artifact", arguments: Evidence.artifacts)
    func size(_ name: String) throws {
        let evidence = try Evidence()
        let bytes = try evidence.read(name)
        for changed in [bytes + [0], Array(bytes.dropLast()), []] {
            try evidence.write(changed, to: name)
            #expect(failures(verify(evidence)) == ["artifact \(name)"])
        }
    }

    @Test("one changed byte of the document breaks its signature, whatever else it breaks")
    func changedDocument() throws {
        let evidence = try Evidence()
        let bytes = try evidence.read("aibom.json")
        for index in stride(from: 0, to: bytes.count, by: 97) {
            var changed = bytes
            changed[index] ^= 1
            try evidence.write(changed, to: "aibom.json")
            #expect(failures(verify(evidence)).contains("signature aibom.json"))
        }
        try evidence.write(bytes + [0x20], to: "aibom.json")
        #expect(failures(verify(evidence)).first == "signature aibom.json")
    }

    @Test("one changed byte of the signature breaks it")
    func changedSignature() throws {
        let evidence = try Evidence()
        let bytes = try evidence.read("aibom.sig")
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            try evidence.write(changed, to: "aibom.sig")
            #expect(failures(verify(evidence)) == ["signature aibom.json"])
        }
    }

    @Test("a missing file is named", arguments: Evidence.artifacts)
    func missing(_ name: String) throws {
        let evidence = try Evidence()
        try evidence.remove(name)
        let verdict = verify(evidence)
        #expect(failures(verdict) == ["artifact \(name)"])
        #expect(verdict.failures.first?.detail == "missing")
    }

    @Test("without document or signature nothing holds", arguments: ["aibom.json", "aibom.sig"])
    func missingDocument(_ name: String) throws {
        let evidence = try Evidence()
        try evidence.remove(name)
        #expect(!verify(evidence).holds)
        #expect(verify(evidence).failures.contains { $0.subject == name })
    }

    @Test("a file that the AIBoM does not name is named", arguments: ["extra", ".hidden", "trained_model.h5"])
    func extra(_ name: String) throws {
        let evidence = try Evidence()
        try evidence.write([1], to: name)
        #expect(failures(verify(evidence)) == ["extra \(name)"])
    }

    @Test("a symbolic link is no artifact, even to the right bytes", arguments: Evidence.artifacts + ["aibom.json"])
    func link(_ name: String) throws {
        let evidence = try Evidence()
        let elsewhere = FileManager.default.temporaryDirectory.appending(path: "elsewhere-\(UUID().uuidString)").path
        try FileManager.default.moveItem(atPath: evidence.file(name), toPath: elsewhere)
        defer { try? FileManager.default.removeItem(atPath: elsewhere) }
        symlink(elsewhere, evidence.file(name))
        let verdict = verify(evidence)
        #expect(verdict.failures.map(\.subject) == [name])
        #expect(verdict.failures.first?.detail == "a symbolic link")
    }

    @Test("a FIFO or a folder in an artifact's place is no artifact, and does not stop the verifier")
    func notRegular() throws {
        let evidence = try Evidence()
        try evidence.remove("logs.txt")
        mkfifo(evidence.file("logs.txt"), 0o600)
        #expect(failures(verify(evidence)) == ["artifact logs.txt"])
        try evidence.remove("logs.txt")
        mkdir(evidence.file("logs.txt"), 0o700)
        #expect(failures(verify(evidence)) == ["artifact logs.txt"])
    }

    @Test("another key is another signer: the signature and the key id both say so")
    func wrongKey() throws {
        let evidence = try Evidence()
        let other = try SigningKey.generate().publicKey
        let verdict = Verifier.verify(directory: evidence.path, trust: VerifierTrust(other))
        #expect(failures(verdict).starts(with: ["signature aibom.json", "key aibom.json"]))
    }

    @Test("another job's signature, by the same key, is no signature here")
    func swappedSignature() throws {
        let evidence = try Evidence()
        let ours = try evidence.read("aibom.json")
        try evidence.seal(ours + Array("\n".utf8))
        try evidence.write(ours, to: "aibom.json")
        #expect(failures(verify(evidence)) == ["signature aibom.json"])
    }

    @Test("a signed document with a key twice does not hold: two readers could read it in two ways")
    func duplicateKey() throws {
        let evidence = try Evidence()
        let text = String(decoding: try evidence.read("aibom.json"), as: UTF8.self)
        try evidence.seal(Array(text.replacing("\"version\": 1,", with: "\"version\": 1, \"version\": 1,").utf8))
        #expect(failures(verify(evidence)) == ["document aibom.json"])
    }

    @Test("a signed document that names another model in one of its places does not hold", arguments: 0..<9)
    func splitModel(_ place: Int) throws {
        let evidence = try Evidence()
        let text = String(decoding: try evidence.read("aibom.json"), as: UTF8.self)
        let digest = try #require(
            JSON.parse(Array(text.utf8), limits: .document)["metadata"]?["component"]?["hashes"]?.arrayValue?
                .first?["content"]?.stringValue)
        let places = text.ranges(of: digest)
        #expect(places.count == 9)
        let changed = text.replacingCharacters(in: places[place], with: String(repeating: "0", count: 64))
        try evidence.seal(Array(changed.utf8))
        #expect(failures(verify(evidence)).contains("model aibom.json"))
    }

    @Test("inputs are compared when they are given")
    func inputs() throws {
        let evidence = try Evidence()
        let path = FileManager.default.temporaryDirectory.appending(path: "input-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(Evidence.inputBytes).write(to: URL(filePath: path))
        #expect(verify(evidence, inputs: [path]).holds)
        try Data(Evidence.inputBytes + [0]).write(to: URL(filePath: path))
        #expect(failures(verify(evidence, inputs: [path])) == ["input \(path)"])
        #expect(failures(verify(evidence, inputs: [path + "-none"])) == ["input \(path)-none"])
    }

    @Test("a folder that is not there is a failure, not an exception")
    func noFolder() throws {
        let key = try SigningKey.generate().publicKey
        let verdict = Verifier.verify(directory: "/nonexistent", trust: VerifierTrust(key))
        #expect(!verdict.holds)
        #expect(failures(verdict) == ["folder /nonexistent"])
    }
}
