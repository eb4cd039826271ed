import EvidenceTesting
import Foundation
import Glibc
import Verify

extension Tampering {
    static let artifacts: [Tampering] =
        ["trained_model.keras", "metrics.json", "logs.txt", "platform.json"].flatMap(changes) + others

    private static func changes(_ name: String) -> [Tampering] {
        [
            Tampering(name, "a bit flipped", .artifactDigestMismatch, rows: name == "logs.txt" ? [21] : []) {
                try $0.edit(name) { [$0[0] ^ 1] + $0[1...] }
            },
            Tampering(name, "a byte appended", .artifactSizeMismatch) { try $0.edit(name) { $0 + [0] } },
            Tampering(name, "emptied", .artifactSizeMismatch) { try $0.edit(name) { _ in [] } },
            Tampering(name, "removed", .fileMissing) { try $0.evidence.remove(name) },
        ]
    }

    private static let others: [Tampering] = [
        Tampering("trained_model.keras", "of another job, under the same name", .artifactSizeMismatch, rows: [17, 20]) {
            try $0.evidence.write(Array("the model of job B".utf8), to: "trained_model.keras")
        },
        Tampering("logs.txt", "a symbolic link to the right bytes", .fileIsLink) { scene in
            try FileManager.default.moveItem(
                atPath: scene.evidence.file("logs.txt"), toPath: scene.outside("logs"))
            try FileManager.default.createSymbolicLink(
                atPath: scene.evidence.file("logs.txt"), withDestinationPath: scene.outside("logs"))
        },
        Tampering("logs.txt", "a FIFO", .fileNotRegular) { scene in
            try scene.evidence.remove("logs.txt")
            mkfifo(scene.evidence.file("logs.txt"), 0o600)
        },
        Tampering("logs.txt", "a folder", .fileNotRegular) { scene in
            try scene.evidence.remove("logs.txt")
            mkdir(scene.evidence.file("logs.txt"), 0o700)
        },
        Tampering("logs.txt", "exchanged with metrics.json", .artifactSizeMismatch) { scene in
            let (logs, metrics) = (try scene.evidence.read("logs.txt"), try scene.evidence.read("metrics.json"))
            try scene.evidence.write(metrics, to: "logs.txt")
            try scene.evidence.write(logs, to: "metrics.json")
        },
        Tampering("the folder", "a file more", .fileUnnamed) { try $0.evidence.write([1], to: "extra") },
        Tampering("the folder", "a hidden file more", .fileUnnamed) { try $0.evidence.write([1], to: ".hidden") },
        Tampering("the folder", "a file more whose name forges a line", .fileUnnamed) {
            try $0.evidence.write([1], to: "x\nok  signature aibom.json")
        },
        Tampering("the folder", "a folder more", .fileUnnamed) { mkdir($0.evidence.file("more"), 0o700) },
        Tampering("a dataset", "another one than was trained on", .inputUnknown, rows: [24]) { scene in
            let path = scene.outside("input")
            try Data(Evidence.inputBytes + [0]).write(to: URL(filePath: path))
            scene.inputs = [path]
        },
    ]
}
