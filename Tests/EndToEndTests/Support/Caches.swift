import Foundation
import JSON
import Measure
import Testing

/// A rootfs cache of the tests' own: `keras` as it was built; `careless`, the same with a loader that checks nothing in the
/// place of the trainer; and `hostile`, whose trainer is an attacker.
///
/// Its images have paths of their own, by which a loop device that stays behind can be told from all others of the host.
enum Caches {
    /// The built rootfs.
    static var keras: String {
        "\(ProcessInfo.processInfo.environment["AIBOM_ROOTFS_CACHE"] ?? "/var/cache/aibom/rootfs")/keras/current"
    }

    static func make() async throws -> Folder {
        let cache = try Folder()
        for name in ["keras", "careless", "hostile"] {
            try FileManager.default.createDirectory(
                atPath: cache.path("\(name)/current"), withIntermediateDirectories: true)
        }
        try take(["rootfs.json", "inventory.json", "rootfs.squashfs"], as: "keras", into: cache)
        try take(["inventory.json", "rootfs.squashfs"], as: "careless", into: cache)
        try cache.write(careless(try cache.read("keras/current/rootfs.json")), as: "careless/current/rootfs.json")
        try await makeHostile(in: cache)
        return cache
    }

    private static func take(_ files: [String], as name: String, into cache: Folder) throws {
        for file in files {
            let (from, to) = ("\(keras)/\(file)", cache.path("\(name)/current/\(file)"))
            do {
                try FileManager.default.linkItem(atPath: from, toPath: to)
            } catch {
                try FileManager.default.copyItem(atPath: from, toPath: to)
            }
        }
    }

    /// The manifest of `keras` with another program to start, which takes any model.
    private static func careless(_ manifest: [UInt8]) throws -> [UInt8] {
        var root = try #require(try JSON.parse(manifest, limits: .document).objectValue)
        var run = try #require(root["run"]?.objectValue)
        var inputs = try #require(root["inputs"]?.objectValue)
        var model = try #require(inputs["model"]?.objectValue)
        let start = ["/usr/bin/python3.11", "-s", "-P", "-B"] + (try HostileModels.loader())
        run["argv"] = .array(start.map { .string($0) })
        model["extensions"] = [".keras", ".h5", ".pkl", ".joblib", ".npy"]
        inputs["model"] = .object(model)
        root["name"] = "careless"
        root["run"] = .object(run)
        root["inputs"] = .object(inputs)
        return JSON.object(root).prettyBytes()
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
