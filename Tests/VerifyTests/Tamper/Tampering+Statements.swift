import Attest
import EvidenceTesting
import Foundation
import JSON
import Keys
import Verify

extension Tampering {
    private static let file = "attestation.intoto.jsonl"
    private static let nought = String(repeating: "0", count: 64)
    private static let ones = String(repeating: "1", count: 64)

    /// What a holder of the trusted key signs, and the log has: statements that say other things than the AIBoM.
    static let statements: [Tampering] = [
        said("about nothing", .statementMalformed, rows: [15], 0) { payload in
            var object = try JSON.parse(payload, limits: .document).objectValue ?? JSONObject()
            object["subject"] = []
            return JSON.object(object).compactBytes()
        },
        said("about an alien product", .statementSubjectMismatch, rows: [16], 0, "\"metrics.json\"", "\"alien.json\""),
        Tampering(file, "about another model", .statementSubjectMismatch, rows: [16, 20]) { scene in
            try scene.restate(0, replace: scene.evidence.facts.outputs[0].file.sha256, with: nought)
        },
        said("about a file more", .statementSubjectMismatch, rows: [16], 2) {
            try TamperScene.replacing(
                "\"subject\":[", with: "\"subject\":[{\"name\":\"more\",\"digest\":{\"sha256\":\"\(nought)\"}},", in: $0
            )
        },
        said("about a file less", .statementSubjectMismatch, 3) { payload in
            var object = try JSON.parse(payload, limits: .document).objectValue ?? JSONObject()
            object["subject"] = .array(Array((object["subject"]?.arrayValue ?? []).dropLast()))
            return JSON.object(object).compactBytes()
        },
        said("of a kind that nobody knows", .statementMalformed, 2, "runtime-trace/v0.1", "runtime-trace/v9"),
        said("of another version of in-toto", .statementMalformed, 0, "/Statement/v1", "/Statement/v0.1"),
        said("with a key twice", .statementMalformed, 0, "{\"_type\":", "{\"_type\":\"x\",\"_type\":"),
        said("with bytes after it", .statementMalformed, 0) { $0 + [0x20] },
        said("with a list for a predicate", .statementMalformed, 2) { payload in
            var object = try JSON.parse(payload, limits: .document).objectValue ?? JSONObject()
            object["predicate"] = []
            return JSON.object(object).compactBytes()
        },
        said("with a member that no statement has", .statementMalformed, 0, "{\"_type\":", "{\"x\":0,\"_type\":"),
        Tampering(file, "the model's statement in the place of a trace", .statementSetMismatch) { scene in
            let contents = try ModelSignature.read(try scene.evidence.read("model.sig"))
            try scene.restate(2) { _ in contents.envelope.payload }
        },
        said(
            "of another job", .statementJobMismatch, 0, "\"invocationId\":\"urn:uuid:0198f3c2",
            "\"invocationId\":\"urn:uuid:0198f3c3"),
        Tampering(file, "the trace of another AIBoM", .statementBillMismatch) { scene in
            try scene.restate(2) { try TamperScene.replacing(scene.bill, with: nought, in: $0) }
        },
        Tampering(file, "claims on another platform.json", .statementPlatformMismatch) { scene in
            try scene.restate(3) {
                try TamperScene.replacing(scene.evidence.facts.platform?.sha256 ?? "", with: nought, in: $0)
            }
        },
        said("another AIBoM as its predicate", .statementPredicateMismatch, 1, "\"version\":1", "\"version\":2"),
        said(
            "another build type", .statementBuildTypeMismatch, rows: [16], 0, "build-type:training:1",
            "build-type:mining:1"),
        said("a stronger builder", .statementBuilderMismatch, 0, Evidence.builder, "urn:aibomgen:builder:gold:1"),
        said(
            "a trace by another monitor", .statementBuilderMismatch, 2, Evidence.builder, "urn:aibomgen:builder:gold:1"),
        said(
            "claims by another producer", .statementBuilderMismatch, 3, Evidence.builder, "urn:aibomgen:builder:gold:1"),
        said("another policy", .statementPolicyMismatch, 2, "{\"sha256\":\"\(ones)", "{\"sha256\":\"\(nought)"),
        said("another start", .statementTimeMismatch, 0, "05:42:24.000Z", "05:42:25.000Z"),
        said("another end", .statementTimeMismatch, 2, "05:43:00.000Z", "05:43:01.000Z"),
        said("another attempt", .statementAttemptMismatch, 0, "\"attempt\":1", "\"attempt\":2"),
        said("another dataset", .statementInputMismatch, rows: [24], 0) { payload in
            var object = try JSON.parse(payload, limits: .document).objectValue ?? JSONObject()
            var predicate = object["predicate"]?.objectValue ?? JSONObject()
            var definition = predicate["buildDefinition"]?.objectValue ?? JSONObject()
            definition["resolvedDependencies"] = [["name": "input-dataset", "digest": ["sha256": .string(nought)]]]
            predicate["buildDefinition"] = .object(definition)
            object["predicate"] = .object(predicate)
            return JSON.object(object).compactBytes()
        },
        Tampering(file, "signed for by another key than it says", .statementKeyMismatch) { scene in
            try scene.restate(0, replace: scene.evidence.publicKey.keyID, with: nought)
        },
    ]

    private static func said(
        _ what: String, _ reason: Reason, rows: [Int] = [], _ line: Int, _ text: String, _ other: String
    ) -> Tampering {
        said(what, reason, rows: rows, line) { try TamperScene.replacing(text, with: other, in: $0) }
    }

    private static func said(
        _ what: String, _ reason: Reason, rows: [Int] = [], _ line: Int,
        _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]
    ) -> Tampering {
        Tampering(file, "signed by the trusted key: \(what)", reason, rows: rows) { try $0.restate(line, change) }
    }
}
