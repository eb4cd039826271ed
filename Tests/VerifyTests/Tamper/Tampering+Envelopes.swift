import Attest
import EvidenceTesting
import Foundation
import JSON
import Keys
import Verify

extension Tampering {
    private static let file = "attestation.intoto.jsonl"

    /// What anybody can do to signed statements.
    static let envelopes: [Tampering] = [
        Tampering(file, "removed", .fileMissing) { try $0.evidence.remove(file) },
        Tampering(file, "emptied", .envelopeMalformed) { try $0.edit(file) { _ in [] } },
        Tampering(file, "without its last line's end", .envelopeMalformed) {
            try $0.edit(file) { Array($0.dropLast()) }
        },
        Tampering(file, "an empty line more", .envelopeMalformed) { try $0.edit(file) { $0 + [0x0a] } },
        Tampering(file, "bytes after an envelope", .envelopeMalformed) { try $0.editLine(1) { $0[0] += [0x20] } },
        Tampering(file, "the provenance stripped", .statementSetMismatch) { try $0.editLine(0) { $0 = [] } },
        Tampering(file, "the AIBoM's statement stripped", .statementSetMismatch) { try $0.editLine(1) { $0 = [] } },
        Tampering(file, "the trace stripped", .statementSetMismatch) { try $0.editLine(2) { $0 = [] } },
        Tampering(file, "the confinement claims stripped", .statementSetMismatch) { try $0.editLine(3) { $0 = [] } },
        Tampering(file, "a statement twice", .statementSetMismatch) { try $0.editLine(2) { $0 += $0 } },
        Tampering(file, "its lines in another order", .statementSetMismatch) {
            try $0.edit(file) { $0.split(separator: 0x0a).reversed().flatMap { $0 + [0x0a] } }
        },
        Tampering(file, "a signature stripped", .envelopeMalformed, rows: [17, 18]) {
            try $0.editEnvelope(0) { $0["signatures"] = [] }
        },
        Tampering(file, "a second signature beside the good one", .envelopeSignatureCount) { scene in
            try scene.editEnvelope(0) { object in
                let signature = object["signatures"]?.arrayValue?[0] ?? .null
                object["signatures"] = .array([signature, signature])
            }
        },
        Tampering(file, "the key's hint changed", .envelopeKeyMismatch) { scene in
            try scene.editLine(0, replace: scene.evidence.publicKey.keyID, with: String(repeating: "0", count: 64))
        },
        Tampering(file, "the key's hint removed", .envelopeKeyMismatch) { scene in
            try scene.editLine(0, replace: "\"keyid\":\"\(scene.evidence.publicKey.keyID)\",", with: "")
        },
        Tampering(file, "a signature as raw r || s", .envelopeSignatureMalformed) { scene in
            try scene.editSignature(0) { ECDSASignature($0).raw }
        },
        Tampering(file, "a signature with n - s, which verifies as well", .logDigestMismatch) { scene in
            try scene.editSignature(0) { ECDSASignature($0).mirrored }
        },
        Tampering(file, "the signature of another statement", .envelopeSignatureMismatch) { scene in
            let envelopes = try Envelope.read(lines: try scene.evidence.read(file))
            try scene.editSignature(0) { _ in envelopes[1].signatures[0].bytes }
        },
        Tampering(file, "the AIBoM's own signature", .envelopeSignatureMismatch) { scene in
            let signature = try scene.evidence.read("aibom.sig")
            try scene.editSignature(1) { _ in signature }
        },
        Tampering(file, "a payload changed after signing", .envelopeSignatureMismatch, rows: [19]) {
            try $0.editPayload(0) { try TamperScene.replacing("\"attempt\":1", with: "\"attempt\":2", in: $0) }
        },
        Tampering(file, "a payload's members in another order", .envelopeSignatureMismatch) {
            try $0.editPayload(2) { payload in
                let members = try JSON.parse(payload, limits: .document).objectValue?.members.reversed() ?? []
                var object = JSONObject()
                for member in members { object[member.key] = member.value }
                return JSON.object(object).compactBytes()
            }
        },
        Tampering(file, "the payload's type changed", .envelopeTypeMismatch) {
            try $0.editEnvelope(0) { $0["payloadType"] = "application/json" }
        },
        Tampering(file, "an envelope's members in another order", .logDigestMismatch) {
            try $0.editLine(0) { lines in
                let members = try JSON.parse(lines[0], limits: .document).objectValue?.members.reversed() ?? []
                var object = JSONObject()
                for member in members { object[member.key] = member.value }
                lines[0] = JSON.object(object).compactBytes()
            }
        },
        Tampering(file, "a member that no envelope has", .envelopeMalformed) {
            try $0.editEnvelope(0) { $0["comment"] = "harmless" }
        },
        Tampering(file, "payload a second time", .envelopeMalformed) {
            try $0.editLine(0, replace: "{\"payload\":", with: "{\"payload\":\"AAAA\",\"payload\":")
        },
        Tampering(file, "a number for a payload", .envelopeMalformed) {
            try $0.editEnvelope(0) { $0["payload"] = 1 }
        },
        Tampering(file, "base64 with bits left over", .envelopeMalformed) { scene in
            try scene.editText(0) { text in
                let pads = text.suffix(2).count { $0 == "=" }
                guard pads > 0 else { return String(text.dropLast(4)) + "QQ=\u{3d}".replacing("QQ", with: "QR") }
                var letters = Array(text)
                letters[letters.count - pads - 1] = "/"
                return String(letters)
            }
        },
        Tampering(file, "base64 without padding", .envelopeMalformed) { scene in
            try scene.editText(0) { $0.hasSuffix("=") ? $0.replacing("=", with: "") : String($0.dropLast()) }
        },
        Tampering(file, "base64 with white space", .envelopeMalformed) {
            try $0.editText(0) { "\n" + $0 }
        },
        Tampering(file, "base64 in the alphabet for URLs", .envelopeMalformed) {
            try $0.editText(0) { "-" + $0.dropFirst() }
        },
        Tampering(file, "a statement by another valid key", .envelopeSignatureMismatch) { scene in
            let other = try EvidenceKey()
            let payload = try scene.evidence.payloads()[0]
            let bytes = Envelope.preAuthentication(type: Envelope.statementType, payload: payload)
            let envelope = Envelope(
                payload: payload,
                signatures: [.init(keyID: other.publicKey.keyID, bytes: try other.sign(bytes))])
            try scene.editLine(0) { $0 = [envelope.line] }
        },
        Tampering(file, "of another job by the same key", .statementJobMismatch) { scene in
            let other = try scene.sibling { $0.job = "0198f3c2-7b1e-7c3a-9f00-0123456789ac" }
            try scene.take([file], from: other)
        },
        Tampering(file, "of an older attempt of the same job", .statementBillMismatch, rows: [22]) { scene in
            try scene.take([file], from: try scene.sibling { $0.finished = "2026-11-23T05:42:59.000Z" })
        },
    ]
}

extension TamperScene {
    func editEnvelope(_ line: Int, _ change: (inout JSONObject) throws -> Void) throws {
        try editLine(line) { lines in
            var object = try JSON.parse(lines[0], limits: .document).objectValue ?? JSONObject()
            try change(&object)
            lines[0] = JSON.object(object).compactBytes()
        }
    }

    /// The payload's base64 text.
    func editText(_ line: Int, _ change: (String) -> String) throws {
        try editEnvelope(line) { $0["payload"] = .string(change($0["payload"]?.stringValue ?? "")) }
    }

    func editPayload(_ line: Int, _ change: ([UInt8]) throws -> [UInt8]) throws {
        try editLine(line) { lines in
            let envelope = try Envelope(json: lines[0])
            lines[0] =
                Envelope(
                    payloadType: envelope.payloadType, payload: try change(envelope.payload),
                    signatures: envelope.signatures
                ).line
        }
    }

    func editSignature(_ line: Int, _ change: ([UInt8]) throws -> [UInt8]) throws {
        try editLine(line) { lines in
            let envelope = try Envelope(json: lines[0])
            let signature = envelope.signatures[0]
            lines[0] =
                Envelope(
                    payloadType: envelope.payloadType, payload: envelope.payload,
                    signatures: [.init(keyID: signature.keyID, bytes: try change(signature.bytes))]
                ).line
        }
    }
}
