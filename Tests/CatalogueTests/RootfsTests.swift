import Catalogue
import Foundation
import Glibc
import Measure
import Testing

@Suite("Catalogue of rootfs")
struct RootfsTests {
    private let built: BuiltRootfs
    private let catalogue: RootfsCatalogue

    init() throws {
        built = try BuiltRootfs()
        catalogue = RootfsCatalogue(folder: built.folder)
    }

    @Test("reads a manifest as its file says")
    func manifest() throws {
        let image = try catalogue.image("toy")
        let manifest = image.manifest
        #expect(try catalogue.names() == ["toy"])
        #expect(manifest.imageDigest == Digest.of(built.image))
        #expect(image.inventory == built.inventory)
        #expect(manifest.arguments == ["/bin/train", "-v"])
        #expect(manifest.environment.map { "\($0.name)=\($0.value)" } == ["LANG=C.UTF-8", "HOME=/tmp"])
        #expect(manifest.inputs.map(\.file) == ["model.keras"])
        #expect(manifest.outputs.map(\.isRequired) == [true])
        #expect(manifest.source == Array(built.manifest.utf8))
    }

    @Test(
        "a name that is no plain name, or that nobody built, is unknown",
        arguments: ["", "other", "../toy", ".toy", "a/b", "toy/current"])
    func unknown(_ name: String) {
        let error = #expect(throws: CatalogueError.self) { try self.catalogue.manifest(name) }
        guard case .unknownRootfs(_, let folder) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(folder == built.folder)
    }

    @Test("without a folder nothing is built")
    func nothing() throws {
        #expect(try RootfsCatalogue(folder: "\(built.folder)/none").names() == [])
    }

    @Test(
        "an image or inventory that is not the manifest's is never used",
        arguments: ["image.squashfs", "inventory.json"])
    func changed(_ name: String) throws {
        try built.write(Array("An image".utf8), name)
        let error = #expect(throws: CatalogueError.self) { try self.catalogue.image("toy") }
        guard case .imageChanged(let path, let expected, let found) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path == "\(built.current)/\(name)")
        #expect(expected != found)
    }

    @Test("an image of another size than the manifest's is never used")
    func size() throws {
        try built.change("\"size\": 8", to: "\"size\": 9")
        #expect(throws: CatalogueError.self) { try self.catalogue.image("toy") }
    }

    @Test(
        "a file that others may write is refused", arguments: ["image.squashfs", "inventory.json", "rootfs.json"],
        [0o664, 0o646])
    func writable(_ name: String, _ mode: Int) throws {
        #expect(chmod("\(built.current)/\(name)", mode_t(mode)) == 0)
        #expect(throws: CatalogueError.unsafe(path: "\(built.current)/\(name)", problem: "can be written by others")) {
            try self.catalogue.image("toy")
        }
    }

    @Test("a file that is no file is refused")
    func folder() throws {
        try FileManager.default.removeItem(atPath: "\(built.current)/image.squashfs")
        try FileManager.default.createDirectory(
            atPath: "\(built.current)/image.squashfs", withIntermediateDirectories: false)
        #expect(throws: CatalogueError.unsafe(path: "\(built.current)/image.squashfs", problem: "is no regular file")) {
            try self.catalogue.image("toy")
        }
    }

    @Test("a FIFO in the place of the image holds nobody up", .timeLimit(.minutes(1)))
    func fifo() throws {
        try FileManager.default.removeItem(atPath: "\(built.current)/image.squashfs")
        #expect(mkfifo("\(built.current)/image.squashfs", 0o600) == 0)
        #expect(throws: CatalogueError.unsafe(path: "\(built.current)/image.squashfs", problem: "is no regular file")) {
            try self.catalogue.image("toy")
        }
    }

    @Test(
        "a faulty manifest is refused with the field's name",
        arguments: [
            ("aibom-rootfs/1", "aibom-rootfs/2", "schema is not aibom-rootfs/1"),
            ("\"name\": \"toy\"", "\"name\": 1", "name is no string"),
            ("image.squashfs", "../image", "image.file is no plain file name"),
            ("inventory.json", "..", "inventory.file is no plain file name"),
            ("\"size\": 8", "\"size\": -8", "image.size is no size in bytes"),
            ("\"sha256\": \"", "\"sha256\": \"x", "image.sha256 is no SHA-256 in hex"),
            ("[\"/bin/train\"", "[\"train\"", "run.argv begins with no absolute path"),
            ("[\"/bin/train\", \"-v\"]", "[]", "run.argv begins with no absolute path"),
            ("[\"/bin/train\", \"-v\"]", "[1]", "run.argv is no list of strings"),
            ("\"HOME\": ", "\"A=B\": ", "run.environment.A=B is no string"),
            ("\"LANG\": \"C.UTF-8\"", "\"LANG\": 1", "run.environment.LANG is no string"),
            ("\"parameters\": {}", "\"parameters\": []", "parameters is no object"),
            ("model.keras", "a/b", "inputs.model.file is no plain file name"),
            ("\"max_bytes\": 10", "\"max_bytes\": \"10\"", "inputs.model.max_bytes is no size in bytes"),
            ("\"outputs\": [", "\"outputs\": 1, \"x\": [", "outputs is no list"),
            ("\"required\": true", "\"required\": 1", "outputs.0.required is no boolean"),
        ])
    func faulty(_ old: String, _ new: String, _ problem: String) throws {
        try built.change(old, to: new)
        #expect(throws: CatalogueError.badManifest(path: "\(built.current)/rootfs.json", problem: problem)) {
            try self.catalogue.manifest("toy")
        }
    }
}
