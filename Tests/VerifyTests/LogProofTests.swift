import AuditLog
import EvidenceTesting
import Foundation
import JSON
import Linux
import Measure
import Testing
import Verify

/// A bundle with the proof that its seal stands in a log.
@Suite("the proof of a seal")
struct LogProofTests {
    private let evidence: Evidence
    private let signer: MemoryNoteSigner

    init() throws {
        evidence = try Evidence()
        signer = try Evidence.logSigner()
    }

    private func enter(
        _ change: (inout JSONObject) -> Void = { _ in }, job: String? = nil, outcome: String = "completed",
        keepsEntry: Bool = true
    ) throws {
        try evidence.enter(in: signer, job: job, outcome: outcome, keepsEntry: keepsEntry, change)
    }

    private func verify(_ trust: LogTrust? = nil) -> Verdict {
        Verifier.verify(directory: evidence.path, trust: VerifierTrust(evidence.publicKey, log: trust))
    }

    @Test("holds, with the log's key and without")
    func holds() throws {
        try enter()
        let verdict = verify(LogTrust(signer.key))
        #expect(verdict.holds, "\(verdict.failures)")
        #expect(verdict.checks.last?.name == .log && verdict.checks.last?.detail.contains("entry 5 of 6") == true)
        let open = verify()
        #expect(open.holds && open.checks.last?.outcome == .claimed)
        let policy = try TlogPolicy(Array("log \(signer.key)\nquorum none\n".utf8))
        #expect(verify(LogTrust(policy)).holds)
    }

    @Test("is asked for where somebody names a log")
    func missing() throws {
        #expect(verify().holds)
        #expect(verify(LogTrust(signer.key)).failures.map(\.subject) == ["aibom.tlog-proof"])
    }

    @Test("does not hold for another log, nor without the witnesses that are wanted")
    func otherLog() throws {
        try enter()
        let stranger = try MemoryNoteSigner(name: "proof.example/log", kind: .ed25519, seed: Digest.of([2]))
        #expect(!verify(LogTrust(stranger.key)).holds)
        let other = try MemoryNoteSigner(name: "other.example/log", kind: .ed25519, seed: Digest.of([1]))
        #expect(!verify(LogTrust(other.key)).holds)
        let witness = try MemoryNoteSigner(name: "w.example", kind: .cosignature, seed: Digest.of([3]))
        let policy = try TlogPolicy(
            Array("log \(signer.key)\nwitness w \(witness.key)\nquorum w\n".utf8))
        #expect(verify(LogTrust(policy)).failures.map(\.name) == [.log])
    }

    @Test("names what the entry says that is not so")
    func otherEntry() throws {
        try enter(job: "0198f3c2-7b1e-7c3a-9f00-0123456789ac")
        #expect(!verify().holds)
        try enter(outcome: "failed")
        #expect(!verify().holds)
        try enter { $0["metrics.json"] = .string("sha256:\(Digest.of([7]))") }
        #expect(verify().failures.map(\.detail) == ["metrics.json is not what its entry says"])
        try enter { $0["model.extra"] = .string("sha256:\(Digest.of([7]))") }
        #expect(!verify().holds)
        try enter { digests in
            var fewer = JSONObject()
            for member in digests.members where member.key != "logs.txt" { fewer[member.key] = member.value }
            digests = fewer
        }
        #expect(verify().failures.map(\.detail) == ["logs.txt is not in its entry"])
        try enter(keepsEntry: false)
        #expect(!verify().holds)
    }

    @Test("a changed byte of it is noticed with the log's key, wherever it is")
    func changed() throws {
        try enter()
        let bytes = try evidence.read("aibom.tlog-proof")
        for index in stride(from: 0, to: bytes.count, by: 13) {
            var changed = bytes
            changed[index] ^= 1
            try evidence.write(changed, to: "aibom.tlog-proof")
            #expect(!verify(LogTrust(signer.key)).holds, "byte \(index)")
        }
    }
}
