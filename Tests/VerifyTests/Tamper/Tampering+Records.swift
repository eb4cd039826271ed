import EvidenceTesting
import Verify

extension Tampering {
    private static let file = "attestation.intoto.jsonl"

    /// Evidence of jobs that failed, made to look like that of others.
    static let records: [Tampering] = [
        Tampering("a failed job", "its AIBoM and signature removed", .statementSetMismatch, of: .failed) { scene in
            for name in ["aibom.json", "aibom.sig"] { try scene.evidence.remove(name) }
            try scene.enter()
        },
        Tampering("a failed job", "cut down to the record of a job that never ran", .billMissing, of: .failed) {
            scene in
            for name in ["aibom.json", "aibom.sig", "logs.txt"] { try scene.evidence.remove(name) }
            try scene.edit(file) { Array($0.split(separator: 0x0a)[3]) + [0x0a] }
            try scene.enter()
        },
        Tampering("a failed job", "its failure record stripped", .statementSetMismatch, of: .failed) {
            try $0.editLine(3) { $0 = [] }
        },
        Tampering("a failed job", "another reason, signed by the trusted key", .statementFailureMismatch, of: .failed) {
            try $0.restate(3, replace: "out of memory", with: "out of coffee")
        },
        Tampering("a failed job", "said to have completed in the log", .logOutcomeMismatch, of: .failed) {
            try $0.enter(outcome: "completed")
        },
        Tampering("a job that never ran", "platform.json changed", .artifactDigestMismatch, of: .neverRan) {
            try $0.edit("platform.json") { $0 + [0x0a] }
        },
        Tampering("a job that never ran", "platform.json removed", .fileMissing, of: .neverRan) {
            try $0.evidence.remove("platform.json")
        },
        Tampering("a job that never ran", "a model added", .fileUnnamed, of: .neverRan) {
            try $0.evidence.write([1], to: "trained_model.keras")
            try $0.enter()
        },
        Tampering("a job that never ran", "its record by another key", .envelopeSignatureMismatch, of: .neverRan) {
            try $0.take([file], from: try TamperScene(.neverRan).evidence)
        },
        Tampering("a job that never ran", "its record emptied", .envelopeMalformed, of: .neverRan) {
            try $0.edit(file) { _ in [] }
        },
        Tampering("a job that never ran", "its record removed", .fileMissing, of: .neverRan) {
            try $0.evidence.remove(file)
        },
        Tampering("a job that never ran", "its proof removed", .logProofMissing, of: .neverRan) {
            try $0.evidence.remove("aibom.tlog-proof")
        },
    ]
}
