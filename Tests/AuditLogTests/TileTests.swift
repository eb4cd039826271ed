import Foundation
import Linux
import Measure
import Testing

@testable import AuditLog

@Suite("a path of a tile, as a stranger sends it")
struct TilePathTests {
    @Test(
        "is read in its one spelling",
        arguments: [
            "tile/0/000", "tile/0/000.p/1", "tile/0/000.p/255", "tile/entries/255", "tile/entries/x001/x234/067",
            "tile/entries/x001/000.p/7", "tile/3/x123/456.p/99",
        ])
    func reads(path: String) throws {
        #expect(try #require(TilePath(path)).description == path)
    }

    @Test(
        "is refused in any other",
        arguments: [
            "", "tile", "tile/0", "tile//000", "tile/0/00", "tile/0/0000", "tile/0/x000/001", "tile/0/001/002",
            "tile/0/x001", "tile/0/000.p", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/00/000",
            "tile/63/000", "tile/-1/000", "tile/+1/000", "tile/entries/+01", "tile/entries/000/", "tile/entries/../000",
            "tile/x/000", "/tile/0/000", "tile/0/000.p/1/1", "../checkpoint", "tile/entries/x001.p/4/000",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        ])
    func refuses(path: String) { #expect(TilePath(path) == nil) }
}

@Suite("tiles")
struct TileTests {
    @Test(
        "lie where the specification says",
        arguments: [
            (TilePath(.hashes(0), index: 0), "tile/0/000"), (TilePath(.hashes(1), index: 999), "tile/1/999"),
            (TilePath(.hashes(0), index: 1000), "tile/0/x001/000"),
            (TilePath(.hashes(3), index: 1_234_067), "tile/3/x001/x234/067"),
            (TilePath(.entries, index: 1_234_067, width: 17), "tile/entries/x001/x234/067.p/17"),
            (TilePath(.hashes(0), index: 5, width: 255), "tile/0/005.p/255"),
        ])
    func paths(path: TilePath, text: String) { #expect(path.description == text) }

    @Test("70000 entries end in the tiles that the specification counts")
    func edge() {
        #expect(
            TilePath.edge(size: 70_000).map(\.description) == [
                "tile/entries/273.p/112", "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1",
            ])
        #expect(TilePath.edge(size: 256).map(\.description) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"])
        #expect(TilePath.edge(size: 0).isEmpty)
    }

    @Test("tessera's published log: every entry, tile, root and signature", arguments: 0...15)
    func tessera(size: Int) throws {
        let key = try VerifierKey("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
        let reader = try TileReader(path: "\(Vectors.folder)/tessera-log")
        let signed = try SignedCheckpoint(Vectors.bytes("tessera-log/checkpoint.\(size)"), log: key)
        #expect(signed.checkpoint.size == UInt64(size))
        var tree = MerkleTree(reader, size: UInt64(size))
        #expect(try tree.root() == signed.checkpoint.root)
        guard size > 0 else { return }
        let bundle = try reader.bundle(TilePath(.entries, index: 0, width: size))
        var hasher = TreeHasher()
        #expect(try reader.hashes(TilePath(.hashes(0), index: 0, width: size)) == bundle.leaves(&hasher))
        let words = [
            "one", "two", "three", "four", "five", "six", "seven", "eit", "nain", "ten", "ileven", "twelf", "threeten",
            "fourten", "fivten",
        ]
        #expect((0..<size).map { String(decoding: bundle[$0], as: UTF8.self) } == Array(words[..<size]))
        // The figures that the page of formats gives.
        let published = [
            5: "gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=", 15: "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=",
        ]
        if let root = published[size] { #expect(signed.checkpoint.root.base64 == root) }
    }

    @Test("a bundle is read as it was written, and half of one is refused")
    func bundles() throws {
        var bundle = EntryBundle()
        for length in [0, 1, 255, 256, 65_535] { bundle.append([UInt8](repeating: UInt8(length % 251), count: length)) }
        #expect(EntryBundle(bundle.bytes) == bundle)
        for cut in [1, 2, 300, 65_535, 65_536] { #expect(EntryBundle(Array(bundle.bytes.dropLast(cut))) == nil) }
        #expect(EntryBundle(bundle.bytes, limit: 3)?.count == 3)
        let tooMany = [UInt8](repeating: 0, count: 2 * 257)
        #expect(EntryBundle(tooMany) == nil)
    }

    @Test("a link in the place of a tile is not followed, and a tile of the wrong length is refused")
    func hostileTiles() throws {
        let folder = try Folder()
        let root = try folder.open()
        for path in ["tile", "tile/0"] { _ = try OwnedDescriptor.directory("\(folder.path)/log/\(path)") }
        try folder.write([UInt8](repeating: 1, count: 8192), as: "outside")
        try symlink("../../../outside", "\(folder.path)/log/tile/0/000")
        let reader = TileReader(root)
        #expect(throws: LogError.self) { try reader.hashes(TilePath(.hashes(0), index: 0)) }
        try symlink("..", "\(folder.path)/log/tile/1")
        #expect(throws: LogError.self) { try reader.hashes(TilePath(.hashes(1), index: 0)) }
        try folder.write([UInt8](repeating: 1, count: 8191), as: "log/tile/0/001")
        #expect(throws: LogError.malformed("tile/0/001", "has 8191 bytes instead of 8192")) {
            try reader.hashes(TilePath(.hashes(0), index: 1))
        }
        #expect(throws: LogError.missing(path: "tile/0/002")) { try reader.hashes(TilePath(.hashes(0), index: 2)) }
    }

    private func symlink(_ target: String, _ path: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }
}
