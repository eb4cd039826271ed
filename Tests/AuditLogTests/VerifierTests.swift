import Foundation
import Linux
import Measure
import Testing

@testable import AuditLog

/// Every way in which somebody may change a log after the fact, and the name under which it is found.
@Suite("the log verifier", .timeLimit(.minutes(2)))
struct VerifierTests {
    private static let size = 70_000

    /// A log that needs three levels of tiles.
    private func made(_ folder: Folder, _ name: String = "log", count: Int = 700, changed: Int? = nil) throws
        -> SignedCheckpoint
    {
        let log = try Log(in: folder.open(name), signer: Keys.log())
        var all = entries(0..<count)
        if let changed { all[changed] = Array("other".utf8) }
        for start in stride(from: 0, to: count, by: 500) {
            _ = try log.append(Array(all[start..<min(count, start + 500)]), until: start == 0 ? .published : .durable)
        }
        try log.close()
        return try #require(log.published)
    }

    private func verify(
        _ folder: Folder, _ name: String = "log", against others: [(note: [UInt8], by: String)] = [],
        key: VerifierKey? = nil
    ) throws -> LogVerifier.Report {
        LogVerifier(try TileReader(path: "\(folder.path)/\(name)"), key: try key ?? Keys.log().key).verify(
            against: others)
    }

    private func edit(_ folder: Folder, _ path: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try folder.read(path)
        change(&bytes)
        try folder.write(bytes, as: path)
    }

    @Test("finds nothing in a log that nobody changed", arguments: [0, 1, 255, 256, 257, 700, 70_000])
    func whole(count: Int) throws {
        let folder = try Folder()
        _ = try made(folder, count: count)
        let report = try verify(folder)
        #expect(report.findings.isEmpty && report.entries == UInt64(count))
        #expect(report.tiles == (count == 70_000 ? 274 + 2 + 1 : report.tiles))
    }

    @Test("takes tessera's published log")
    func tessera() throws {
        let key = try VerifierKey("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
        let others = try (0...15).map {
            (note: try Vectors.bytes("tessera-log/checkpoint.\($0)"), by: "checkpoint.\($0)")
        }
        let report = LogVerifier(try TileReader(path: "\(Vectors.folder)/tessera-log"), key: key).verify(
            against: others)
        #expect(report.findings.isEmpty && report.entries == 15 && report.checkpoints == 17)
    }

    @Test("edited entry")
    func editedEntry() throws {
        let folder = try Folder()
        _ = try made(folder)
        try edit(folder, "log/tile/entries/001") { $0[2] ^= 1 }
        #expect(try verify(folder).findings == [.editedEntries(256..<257)])
        try edit(folder, "log/tile/entries/001") { $0[2] ^= 1 }
        try edit(folder, "log/tile/entries/002.p/188") { $0[$0.count - 1] ^= 1 }
        #expect(try verify(folder).findings == [.editedEntries(699..<700)])
    }

    @Test("edited entry, with its tile changed to fit")
    func editedWithTile() throws {
        let folder = try Folder()
        _ = try made(folder)
        try edit(folder, "log/tile/entries/000") { $0[2] ^= 1 }
        let bundle = try #require(EntryBundle(folder.read("log/tile/entries/000")))
        var hasher = TreeHasher()
        try folder.write(bundle.leaves(&hasher).concatenated, as: "log/tile/0/000")
        #expect(try verify(folder).findings == [.editedEntries(0..<256)])
    }

    @Test("swapped tile", arguments: ["tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2"])
    func swappedTile(path: String) throws {
        let folder = try Folder()
        _ = try made(folder)
        try edit(folder, "log/\(path)") { $0.swapAt(3, 40) }
        #expect(try verify(folder).findings == [.swappedTile(path)])
    }

    @Test("swapped tiles of two places")
    func swappedTiles() throws {
        let folder = try Folder()
        _ = try made(folder)
        let (one, two) = (try folder.read("log/tile/0/000"), try folder.read("log/tile/0/001"))
        try folder.write(two, as: "log/tile/0/000")
        try folder.write(one, as: "log/tile/0/001")
        #expect(try verify(folder).findings == [.swappedTile("tile/0/000"), .swappedTile("tile/0/001")])
    }

    @Test("missing tile, and one that ends early", arguments: ["tile/0/001", "tile/1/000.p/2", "tile/entries/000"])
    func missingTile(path: String) throws {
        let folder = try Folder()
        _ = try made(folder)
        let bytes = try folder.read("log/\(path)")
        try folder.remove("log/\(path)")
        #expect(try verify(folder).findings == [.missingTile(path)])
        try folder.write(Array(bytes.dropLast()), as: "log/\(path)")
        #expect(try verify(folder).findings == [.truncatedTile(path)])
    }

    @Test("truncation")
    func truncation() throws {
        let folder = try Folder()
        _ = try made(folder)
        for path in ["tile/entries/001", "tile/entries/002.p"] { try folder.remove("log/\(path)") }
        let findings = try verify(folder).findings
        #expect(findings.first == .truncation(from: 256, promised: 700))
        #expect(findings.contains(.missingTile("tile/entries/001")))
    }

    @Test("rollback: an older checkpoint in its place, found by the log's own history and by whoever has a newer one")
    func rollback() throws {
        let folder = try Folder()
        _ = try made(folder, count: 500)
        let old = try folder.read("log/checkpoint")
        let log = try Log(in: folder.open(), signer: Keys.log())
        _ = try log.append(entries(500..<700), until: .published)
        try log.close()
        let newest = try folder.read("log/checkpoint")
        try folder.write(old, as: "log/checkpoint")
        #expect(try verify(folder).findings == [.rollback(to: 500, from: 700, seenBy: "checkpoints")])
        try folder.remove("log/checkpoints")
        #expect(
            try verify(folder, against: [(newest, "a witness")]).findings == [
                .rollback(to: 500, from: 700, seenBy: "a witness")
            ])
    }

    @Test("split view: another checkpoint of the same key, shown to somebody else")
    func splitView() throws {
        let folder = try Folder()
        _ = try made(folder)
        let other = try made(folder, "other", count: 600, changed: 3)
        let findings = try verify(folder, against: [(other.note.bytes, "bob")]).findings
        #expect(findings == [.splitView(size: 600, shownTo: "bob")])
        let (here, there) = (try TileReader(path: "\(folder.path)/log"), try TileReader(path: "\(folder.path)/other"))
        let key = try Keys.log().key
        #expect(
            LogVerifier.compare((here, "here"), (there, "there"), key: key) == [.splitView(size: 600, shownTo: "there")]
        )
        _ = try made(folder, "copy", count: 256)
        let copy = try TileReader(path: "\(folder.path)/copy")
        #expect(LogVerifier.compare((here, "here"), (copy, "copy"), key: key) == [])
    }

    @Test("forked checkpoint: signed, and of another tree")
    func forkedCheckpoint() throws {
        let folder = try Folder()
        _ = try made(folder)
        let other = try made(folder, "other", changed: 300)
        try folder.write(other.note.bytes, as: "log/checkpoint")
        #expect(try verify(folder).findings.contains(.forkedCheckpoint(size: 700, in: "checkpoint")))
        try folder.copy("other/checkpoints", to: "log/more")
        let kept = try folder.read("other/checkpoints")
        try folder.write(kept, as: "log/checkpoints")
        let third = try made(folder, "third")
        try folder.write(third.note.bytes, as: "log/checkpoint")
        #expect(
            try verify(folder).findings == [
                .forkedCheckpoint(size: 500, in: "checkpoints"), .forkedCheckpoint(size: 700, in: "checkpoints"),
            ])
    }

    @Test("bad signature, and a key that nobody knows")
    func signatures() throws {
        let folder = try Folder()
        let signed = try made(folder)
        #expect(
            try verify(folder, key: Keys.log(seed: "another").key).findings == [.unknownKey(on: "checkpoint")])
        let line = try #require(signed.note.signatures.first)
        var bytes = line.bytes
        bytes[5] ^= 1
        let forged = SignedNote(text: signed.note.text).adding([.init(name: line.name, id: line.id, bytes: bytes)])
        let whole = try folder.read("log/checkpoint")
        try folder.write(forged.bytes, as: "log/checkpoint")
        #expect(try verify(folder).findings == [.badSignature(on: "checkpoint")])
        try folder.write(whole, as: "log/checkpoint")
        try folder.write(forged.bytes + [0x0a], as: "log/checkpoints")
        #expect(try verify(folder).findings == [.badSignature(on: "checkpoint 1 of checkpoints")])
        try folder.write([], as: "log/checkpoints")
        #expect(
            try verify(folder, against: [(forged.bytes, "bob")]).findings == [
                .badSignature(on: "the checkpoint of bob")
            ])
    }
}
