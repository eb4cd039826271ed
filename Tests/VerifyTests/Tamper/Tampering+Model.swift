import Attest
import EvidenceTesting
import Foundation
import Keys
import Measure
import Verify

extension Tampering {
    private static let file = "model.sig"
    private static let nought = String(repeating: "0", count: 64)

    static let models: [Tampering] = [
        Tampering(file, "removed", .fileMissing) { try $0.evidence.remove(file) },
        Tampering(file, "emptied", .modelBundleMalformed) { try $0.edit(file) { _ in [] } },
        Tampering(file, "bytes after it", .modelBundleMalformed) { try $0.edit(file) { $0 + [0x0a] } },
        Tampering(file, "a member that no bundle has", .modelBundleMalformed) {
            try $0.edit(file, replace: "{\"mediaType\"", with: "{\"x\":0,\"mediaType\"")
        },
        Tampering(file, "mediaType a second time", .modelBundleMalformed) {
            try $0.edit(file, replace: "{\"mediaType\"", with: "{\"mediaType\":\"x\",\"mediaType\"")
        },
        Tampering(file, "another version of the bundle", .modelBundleMalformed) {
            try $0.edit(file, replace: "v0.3+json", with: "v0.2+json")
        },
        Tampering(file, "a transparency log's entry injected", .modelBundleMalformed) {
            try $0.edit(file, replace: "\"tlogEntries\":[]", with: "\"tlogEntries\":[{}]")
        },
        Tampering(file, "its signature stripped", .modelBundleMalformed) { scene in
            try scene.edit(file) { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                guard let start = text.range(of: "\"signatures\":[") else { return bytes }
                return Array((text[..<start.upperBound] + "]}}").utf8)
            }
        },
        Tampering(file, "a hint to another key", .modelHintMismatch) { scene in
            try scene.edit(file, replace: Digest.of(Array(scene.evidence.publicKey.pem.utf8)).hex, with: nought)
        },
        Tampering(file, "a key id of another key", .modelHintMismatch) {
            try $0.edit(file, replace: "\"keyid\":\"\"", with: "\"keyid\":\"\(nought)\"")
        },
        Tampering(file, "by another valid key", .modelSignatureMismatch) { scene in
            try scene.take([file], from: try Evidence())
        },
        Tampering(file, "of another model by the same key", .modelResourceMismatch, rows: [20]) { scene in
            try scene.restateModel(replace: scene.evidence.facts.outputs[0].file.name, with: "other_model.keras")
        },
        Tampering(file, "of another job's model by the same key", .modelLinkMismatch, rows: [20]) { scene in
            try scene.take([file], from: try scene.sibling { $0.job = "0198f3c2-7b1e-7c3a-9f00-0123456789ac" })
        },
        Tampering(file, "signed by the trusted key: a root that is not its resources'", .modelRootMismatch) { scene in
            let digest = Digest(hex: scene.evidence.facts.outputs[0].file.sha256)
            try scene.restateModel(replace: Digest.of(digest?.bytes ?? []).hex, with: nought)
        },
        Tampering(file, "signed by the trusted key: another AIBoM", .modelLinkMismatch) { scene in
            try scene.restateModel(replace: scene.bill, with: nought)
        },
        Tampering(file, "signed by the trusted key: links allowed", .modelBundleMalformed) {
            try $0.restateModel(replace: "\"allow_symlinks\":false", with: "\"allow_symlinks\":true")
        },
        Tampering(file, "signed by the trusted key: another hash", .modelBundleMalformed) {
            try $0.restateModel(replace: "\"hash_type\":\"sha256\"", with: "\"hash_type\":\"md5\"")
        },
    ]
}

extension TamperScene {
    /// What `aibom.json` hashes to.
    var bill: String { get throws { Digest.of(try evidence.read("aibom.json")).hex } }
}
