internal import Attest
package import AuditLog
internal import Foundation
package import JSON
internal import Linux
internal import Measure

extension Evidence {
    package static func logSigner(_ name: ExactText = "proof.example/log", seed: UInt8 = 1) throws -> MemoryNoteSigner {
        try MemoryNoteSigner(name: name, kind: .ed25519, seed: Digest.of([seed]))
    }

    /// Enters the seal in a log of a few entries, and lays the proof into the bundle; `change` is made to the entry's digests.
    package func enter(
        in signer: MemoryNoteSigner, _ event: LogEvent.Kind = .jobSealed, job: String? = nil,
        outcome: String = "completed", time: String = "2026-11-23T05:43:01.000Z", keepsEntry: Bool = true,
        _ change: (inout JSONObject) -> Void = { _ in }
    ) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "proof-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let log = try Log(in: OwnedDescriptor.directory(path), signer: signer)
        var digests = JSONObject()
        for name in try names where !["aibom.tlog-proof", "aibom.tsr"].contains(name) {
            digests[name] = .string("sha256:\(Digest.of(try read(name)))")
        }
        change(&digests)
        let entry = try LogEntry(
            event, at: Instant(time) ?? .now(), actor: "supervisor", owner: "uid:1", job: job ?? facts.job,
            detail: [
                "attempt": 1, "outcome": .string(outcome), "artifacts": .object(digests), "artifact": "aibom.json",
            ])
        for number in 0..<5 { try log.append([Array("before \(number)".utf8)]) }
        let receipt = try log.append(entry, until: .published)
        guard let checkpoint = receipt.checkpoint else { return }
        let proof = try TlogProof(
            of: receipt.index, in: TileReader(path: path), under: checkpoint,
            extra: keepsEntry ? try entry.bytes() : nil)
        try write(proof.bytes, to: "aibom.tlog-proof")
        try log.close()
    }
}
