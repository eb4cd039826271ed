import Catalogue
import Foundation
import JSON

/// The built keras rootfs under another manifest, whose trainer only sleeps: its job holds what it was admitted with and no CPU.
enum SleepingRootfs {
    static let name = "keras"

    /// Makes a cache with it; the image is that of the built one.
    static func make(in cache: String) throws {
        let built = "\(RootfsCatalogue().folder)/\(name)/current"
        let folder = "\(cache)/\(name)/current"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let manifest = try RootfsCatalogue().manifest(name)
        for file in [manifest.imageFile, manifest.inventoryFile] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/\(file)", withDestinationPath: "\(built)/\(file)")
        }
        try Data(try sleeping(manifest).prettyBytes()).write(to: URL(filePath: "\(folder)/rootfs.json"))
    }

    private static func sleeping(_ manifest: RootfsManifest) throws -> JSON {
        guard var root = try JSON.parse(manifest.source, limits: .document).objectValue,
            var run = root["run"]?.objectValue, let program = manifest.arguments.first
        else {
            throw CommandError.local(
                "the rootfs \(name) has no program", remedy: "build it: aibom rootfs build \(name)")
        }
        run["argv"] = [.string(program), "-I", "-S", "-c", "import time\nwhile True: time.sleep(3600)"]
        root["run"] = .object(run)
        return .object(root)
    }
}
