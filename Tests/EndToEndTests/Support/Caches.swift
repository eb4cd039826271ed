import Foundation
import JSON
import Measure
import Testing

/// A rootfs cache of the tests' own: `keras` as it was built, and `hostile`, whose trainer is an attacker.
///
/// Its images have paths of their own, by which a loop device that stays behind can be told from all others of the host.
enum Caches {
    /// The built rootfs.
    static var keras: String {
        "\(ProcessInfo.processInfo.environment["AIBOM_ROOTFS_CACHE"] ?? "/var/cache/aibom/rootfs")/keras/current"
    }

    static func make() async throws -> Folder {
        let cache = try Folder()
        for name in ["keras", "hostile"] {
            try FileManager.default.createDirectory(
                atPath: cache.path("\(name)/current"), withIntermediateDirectories: true)
        }
        for file in ["rootfs.json", "inventory.json", "rootfs.squashfs"] {
            let (from, to) = ("\(keras)/\(file)", cache.path("keras/current/\(file)"))
            do {
                try FileManager.default.linkItem(atPath: from, toPath: to)
            } catch {
                try FileManager.default.copyItem(atPath: from, toPath: to)
            }
        }
        try await makeHostile(in: cache)
        return cache
    }

    private static func makeHostile(in cache: Folder) async throws {
        let tree = try Folder()
        for name in ["in", "out", "dev", "proc", "tmp"] {
            try FileManager.default.createDirectory(atPath: tree.path(name), withIntermediateDirectories: false)
        }
        chmod(tree.path, 0o755)
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Hostile/trainer.c").path
        let built = try await Command.run(
            "gcc", ["-O1", "-Wall", "-Werror", "-static", "-o", tree.path("trainer"), source])
        try #require(built.status == 0, "\(built)")
        let image = cache.path("hostile/current/rootfs.squashfs")
        let sealed = try await Command.run("mksquashfs", [tree.path, image, "-quiet", "-no-progress", "-all-root"])
        try #require(sealed.status == 0, "\(sealed)")
        let inventory = Array(#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[]}"#.utf8)
        try cache.write(inventory, as: "hostile/current/inventory.json")
        try cache.write(
            manifest(of: try cache.read("hostile/current/rootfs.squashfs"), inventory).prettyBytes(),
            as: "hostile/current/rootfs.json")
    }

    private static func manifest(of image: [UInt8], _ inventory: [UInt8]) -> JSON {
        func input(_ file: String, _ ending: String) -> JSON {
            ["file": .string(file), "extensions": [.string(ending)], "max_bytes": 1_048_576]
        }
        return [
            "schema": "aibom-rootfs/1", "name": "hostile", "recipe_digest": .string(Digest.of([]).hex),
            "image": [
                "file": "rootfs.squashfs", "format": "squashfs", "sha256": .string(Digest.of(image).hex),
                "size": .integer(Int64(image.count)),
            ],
            "inventory": ["file": "inventory.json", "sha256": .string(Digest.of(inventory).hex)], "verity": .null,
            "run": ["argv": ["/trainer"], "environment": [:]], "parameters": [:],
            "inputs": [
                "model": input("model.keras", ".keras"), "dataset": input("dataset.csv", ".csv"),
                "definition": input("definition.yaml", ".yaml"),
            ],
            "outputs": [
                ["file": "trained_model.keras", "role": "model", "required": true, "max_bytes": 134_217_728],
                ["file": "metrics.json", "role": "metrics", "required": true, "max_bytes": 1_048_576],
            ],
        ]
    }
}
