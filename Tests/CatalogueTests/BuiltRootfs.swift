import Foundation
import Glibc
import Measure

/// A folder of built rootfs with one that is called `toy`, as `rootfs/build` leaves it.
final class BuiltRootfs {
    let folder = FileManager.default.temporaryDirectory.appending(path: "catalogue-\(UUID().uuidString)").path
    let image = Array("an image".utf8)
    let inventory = Array("{}".utf8)

    init() throws {
        try FileManager.default.createDirectory(atPath: current, withIntermediateDirectories: true)
        try write(image, "image.squashfs")
        try write(inventory, "inventory.json")
        try write(Array(manifest.utf8), "rootfs.json")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var current: String { "\(folder)/toy/current" }

    func write(_ bytes: [UInt8], _ name: String, mode: mode_t = 0o644) throws {
        try Data(bytes).write(to: URL(filePath: "\(current)/\(name)"))
        chmod("\(current)/\(name)", mode)
    }

    /// Puts `new` in the place of `old` in the manifest.
    func change(_ old: String, to new: String) throws {
        try write(Array(manifest.replacing(old, with: new, maxReplacements: 1).utf8), "rootfs.json")
    }

    var manifest: String {
        """
        {"schema": "aibom-rootfs/1", "name": "toy", "recipe_digest": "sha256:00",
         "image": {"file": "image.squashfs", "format": "squashfs", "sha256": "\(Digest.of(image).hex)", "size": 8},
         "inventory": {"file": "inventory.json", "sha256": "\(Digest.of(inventory).hex)"},
         "run": {"argv": ["/bin/train", "-v"], "environment": {"LANG": "C.UTF-8", "HOME": "/tmp"}},
         "parameters": {},
         "inputs": {"model": {"file": "model.keras", "extensions": [".keras"], "max_bytes": 10}},
         "outputs": [{"file": "trained.keras", "role": "model", "required": true, "max_bytes": 20}]}
        """
    }
}
