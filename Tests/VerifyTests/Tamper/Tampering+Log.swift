import Attest
import AuditLog
import EvidenceTesting
import Foundation
import JSON
import Measure
import Verify

extension Tampering {
    private static let file = "aibom.tlog-proof"

    static let logs: [Tampering] = [
        Tampering(file, "removed", .logProofMissing) { try $0.evidence.remove(file) },
        Tampering(file, "emptied", .logProofMalformed) { try $0.edit(file) { _ in [] } },
        Tampering(file, "a byte after it", .logProofMalformed) { try $0.edit(file) { $0 + [0] } },
        Tampering(file, "its index changed", .logPathMismatch) {
            try $0.edit(file, replace: "index 5", with: "index 4")
        },
        Tampering(file, "its index with a leading zero", .logProofMalformed) {
            try $0.edit(file, replace: "index 5", with: "index 05")
        },
        Tampering(file, "a hash changed", .logPathMismatch) { try $0.editProof { lines in lines[3] = lines[4] } },
        Tampering(file, "a hash less", .logPathMismatch) { try $0.editProof { lines in lines.remove(at: 3) } },
        Tampering(file, "a hash more", .logPathMismatch) {
            try $0.editProof { lines in lines.insert(lines[3], at: 3) }
        },
        Tampering(file, "its entry stripped", .logProofMalformed) {
            try $0.editProof { lines in lines.remove(at: 1) }
        },
        Tampering(file, "its entry's base64 with white space", .logProofMalformed) {
            try $0.editProof { lines in lines[1] += " " }
        },
        Tampering(file, "its checkpoint larger", .logPathMismatch) {
            try $0.edit(file, replace: "proof.example/log\n6\n", with: "proof.example/log\n7\n")
        },
        Tampering(file, "its checkpoint's signature changed", .logSignatureMismatch) { scene in
            try scene.editProof { lines in
                let signature = lines[lines.count - 2]
                lines[lines.count - 2] = String(signature.dropLast(4)) + "AAA="
            }
        },
        Tampering(file, "its checkpoint's signature stripped", .logProofMalformed) {
            try $0.editProof { lines in lines.remove(at: lines.count - 2) }
        },
        Tampering(file, "by another log of the same name", .logUntrusted) {
            try $0.evidence.enter(in: Evidence.logSigner(seed: 2))
        },
        Tampering(file, "by another log", .logUntrusted) {
            try $0.evidence.enter(in: Evidence.logSigner("other.example/log"))
        },
        Tampering(file, "without the witness that is wanted", .logWitnessesMissing) { scene in
            let witness = try MemoryNoteSigner(name: "w.example", kind: .cosignature, seed: Digest.of([3]))
            scene.trust.log = LogTrust(
                try TlogPolicy(Array("log \(scene.signer.key)\nwitness w \(witness.key)\nquorum w\n".utf8)))
        },
        Tampering(file, "under a checkpoint older than one that was seen", .logRolledBack, rows: [22]) {
            $0.trust.log?.leastSize = 7
        },
        Tampering(file, "of another job", .logJobMismatch) {
            try $0.enter(job: "0198f3c2-7b1e-7c3a-9f00-0123456789ac")
        },
        Tampering(file, "of another outcome", .logOutcomeMismatch) { try $0.enter(outcome: "failed") },
        Tampering(file, "of an entry that is no seal", .logEventMismatch) { try $0.enter(.evidenceRead) },
        Tampering(file, "of other digests", .logDigestMismatch) { scene in
            try scene.evidence.enter(in: scene.signer) { $0["logs.txt"] = .string("sha256:\(Digest.of([7]))") }
        },
        Tampering(file, "of a file that is not there", .logDigestMismatch) { scene in
            try scene.evidence.enter(in: scene.signer) { $0["more"] = .string("sha256:\(Digest.of([7]))") }
        },
        Tampering(file, "of a file outside of the folder", .logDigestMismatch) { scene in
            try scene.evidence.enter(in: scene.signer) {
                $0["../\(URL(filePath: scene.evidence.path).lastPathComponent)/logs.txt"] = $0["logs.txt"]
            }
        },
        Tampering(file, "of all files but one", .logFileUnlisted) { scene in
            try scene.evidence.enter(in: scene.signer) { digests in
                var fewer = JSONObject()
                for member in digests.members where member.key != "logs.txt" { fewer[member.key] = member.value }
                digests = fewer
            }
        },
        Tampering(file, "of another bundle that holds", .logJobMismatch) { scene in
            try scene.take([file], from: try scene.sibling { $0.job = "0198f3c2-7b1e-7c3a-9f00-0123456789ac" })
        },
        Tampering("all documents", "replaced by older ones of the same job", .logDigestMismatch, rows: [22]) { scene in
            let older = try scene.sibling { $0.finished = "2026-11-23T05:42:59.000Z" }
            try scene.take(Evidence.documents, from: older)
        },
    ]
}

extension TamperScene {
    func editProof(_ change: (inout [String]) -> Void) throws {
        try edit("aibom.tlog-proof") { bytes in
            var lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
            change(&lines)
            return Array(lines.joined(separator: "\n").utf8)
        }
    }
}
