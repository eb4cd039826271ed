import Attest
import EvidenceTesting
import Foundation
import Keys
import Verify

extension Tampering {
    private static let file = "aibom.json"

    /// The reference's rows on its own bill, each made on ours, with nothing signed again.
    static let bill: [Tampering] = [
        edit("a property's value changed", rows: [1], "\"completed\"", "\"failed\""),
        edit(
            "a component's digest changed", rows: [2], String(repeating: "1", count: 64),
            String(repeating: "2", count: 64)),
        edit("a parameter's name changed", rows: [3], "\"policy.name\"".replacing("\"", with: ""), "policy.mane"),
        edit("a link changed", rows: [4], "\"url\": \"", "\"url\": \"https://evil.example/"),
        edit("serialNumber changed", rows: [5], "urn:uuid:0198f3c2", "urn:uuid:0198f3c3"),
        edit("version changed", rows: [5], "\"version\": 1,", "\"version\": 2,"),
        edit("lifecycles added", rows: [6], "\"metadata\": {", "\"metadata\": {\n    \"lifecycles\": [],"),
        edit(
            "a component added", rows: [6], "\"components\": [",
            "\"components\": [{\"type\": \"file\", \"name\": \"x\"},"),
        edit("annotations injected", rows: [7], "\"version\": 1,", "\"version\": 1, \"annotations\": [],"),
        edit("metadata.timestamp changed", rows: [8], "\"timestamp\": \"2026", "\"timestamp\": \"1999"),
        edit(
            "components a second time, the forged copy first", rows: [9], "\"components\": [",
            "\"components\": [], \"components\": ["),
        edit(
            "$schema swapped", rows: [10], "\"bomFormat\"",
            "\"$schema\": \"https://evil.example/schema\", \"bomFormat\""),
        edit(
            "an empty vulnerabilities list added", rows: [11], "\"version\": 1,",
            "\"version\": 1, \"vulnerabilities\": [],"),
        Tampering(file, "its members in another order", .billSignatureMismatch, rows: [12]) { scene in
            try scene.edit(file, replace: "\"version\": 1,", with: "")
            try scene.edit(file, replace: "\"bomFormat\"", with: "\"version\": 1, \"bomFormat\"")
        },
        edit("white space changed", rows: [12], "\"version\": 1,", "\"version\":  1,"),
        edit("a dependency's list renamed", rows: [13], "\"dependsOn\"", "\"dependedOn\""),
        edit(
            "a signature injected", rows: [14], "\"version\": 1,",
            "\"version\": 1, \"signature\": {\"algorithm\": \"none\"},"),
        Tampering(file, "a byte appended", .billSignatureMismatch) { try $0.edit(file) { $0 + [0x0a] } },
        Tampering(file, "a byte order mark before it", .billSignatureMismatch) {
            try $0.edit(file) { [0xef, 0xbb, 0xbf] + $0 }
        },
        Tampering(file, "emptied", .billSignatureMismatch) { try $0.edit(file) { _ in [] } },
        Tampering(file, "removed", .fileMissing) { try $0.evidence.remove(file) },
        Tampering(file, "a symbolic link to itself elsewhere", .fileIsLink) { scene in
            let elsewhere = scene.outside("elsewhere")
            try FileManager.default.moveItem(atPath: scene.evidence.file(file), toPath: elsewhere)
            try FileManager.default.createSymbolicLink(
                atPath: scene.evidence.file(file), withDestinationPath: elsewhere)
        },
        Tampering(file, "signed again by the trusted key with a key twice", .billMalformed, rows: [9]) {
            try $0.reseal(replace: "\"version\": 1,", with: "\"version\": 1, \"version\": 1,")
        },
        Tampering(file, "signed again by the trusted key with a name that leaves the folder", .billMalformed) {
            try $0.reseal(replace: "\"logs.txt\"", with: "\"../logs.txt\"")
            try $0.reseal(
                replace: "\"aibomgen:observed:artifact.name\",\n          \"value\": \"logs.txt\"",
                with: "\"aibomgen:observed:artifact.name\",\n          \"value\": \"../logs.txt\"")
        },
        Tampering(file, "signed again by the trusted key, naming another key", .billKeyMismatch) { scene in
            try scene.reseal(replace: scene.evidence.publicKey.keyID, with: String(repeating: "0", count: 64))
        },
        Tampering(file, "signed again by the trusted key, naming two models", .billModelAmbiguous) { scene in
            let model = scene.evidence.facts.outputs[0].file.sha256
            try scene.reseal(replace: model, with: String(repeating: "0", count: 64))
        },
        Tampering(file, "signed again by the trusted key with other times", .statementBillMismatch) {
            try $0.reseal(replace: "\"2026-11-23T05:42:23.123Z\"", with: "\"2026-11-23T05:42:23.124Z\"")
        },
    ]

    private static func edit(_ what: String, rows: [Int], _ text: String, _ other: String) -> Tampering {
        Tampering(file, what, .billSignatureMismatch, rows: rows) { try $0.edit(file, replace: text, with: other) }
    }
}
