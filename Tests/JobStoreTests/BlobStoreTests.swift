import Foundation
import Jobs
import Linux
import Measure
import Testing

@testable import JobStore

@Suite("blob store")
struct BlobStoreTests {
    @Test("gives back what came, under its digest", arguments: [0, 1, 255 << 10, 256 << 10, 1 << 20 | 3])
    func givesBack(size: Int) throws {
        let folder = try Folder()
        let store = try folder.blobs()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let blob = try store.ingest(from: folder.write(bytes, as: "source"), limit: UInt64(size))
        #expect(blob == Blob(digest: Digest.of(bytes), size: UInt64(size)))
        #expect(try store.open(blob.digest).readAll(limit: size) == bytes)
        #expect(try store.size(of: blob.digest) == UInt64(size))
    }

    @Test("keeps a blob where the design says, readable by its owner and writable by nobody")
    func keepsInPlace() throws {
        let folder = try Folder()
        let blob = try folder.blobs().ingest(from: folder.write([1, 2, 3], as: "source"), limit: 3)
        let hex = blob.digest.hex
        let path = "blobs/sha256/\(hex.prefix(2))/\(hex)"
        #expect(try folder.files() == [path, "source"])
        let status = try OwnedDescriptor.open("\(folder.path)/\(path)", flags: 0).status()
        #expect(status.mode == 0o444)
        for name in ["blobs", "blobs/sha256", "blobs/sha256/\(hex.prefix(2))"] {
            #expect(try OwnedDescriptor.open("\(folder.path)/\(name)", flags: 0).status().mode == 0o700)
        }
    }

    @Test("stores the same bytes once, also from two writers at once")
    func storesOnce() throws {
        let folder = try Folder()
        let store = try folder.blobs()
        var first = store.writer(limit: 10)
        var second = store.writer(limit: 10)
        try first.append(([7, 7] as [UInt8]).span.bytes)
        try second.append(([7] as [UInt8]).span.bytes)
        try second.append(([7] as [UInt8]).span.bytes)
        let (one, two) = (try first.finish(), try second.finish())
        #expect(one == two)
        #expect(try folder.files().count == 1)
    }

    @Test("refuses the byte over the limit and keeps nothing", arguments: [0, 1, 300_000])
    func refusesTooLarge(limit: Int) throws {
        let folder = try Folder()
        let store = try folder.blobs()
        let source = try folder.write(Array(repeating: 1, count: limit + 1), as: "source")
        #expect(throws: StoreError.tooLarge(limit: UInt64(limit))) {
            try store.ingest(from: source, limit: UInt64(limit))
        }
        #expect(try folder.files() == ["source"])
    }

    @Test("keeps nothing of a writer that is dropped")
    func dropsWriter() throws {
        let folder = try Folder()
        let store = try folder.blobs()
        do {
            var writer = store.writer(limit: 100)
            try writer.append(([1, 2, 3] as [UInt8]).span.bytes)
            #expect(writer.size == 3)
        }
        #expect(try folder.files() == [])
    }

    @Test("says that a blob is not stored")
    func saysMissing() throws {
        let store = try Folder().blobs()
        let digest = Digest.of([1])
        #expect(throws: StoreError.noSuchBlob(digest)) { _ = try store.open(digest) }
        #expect(try store.size(of: digest) == nil)
    }

    @Test("notices that the copy on the disk lost bytes")
    func noticesDamage() throws {
        let folder = try Folder()
        let store = try folder.blobs()
        let bytes: [UInt8] = [1, 2, 3, 4]
        let blob = try store.ingest(from: folder.write(bytes, as: "source"), limit: 4)
        let path = "\(folder.path)/blobs/sha256/\(blob.digest.hex.prefix(2))/\(blob.digest.hex)"
        #expect(truncate(path, 2) == 0)
        let again = try folder.write(bytes, as: "source")
        #expect(throws: StoreError.damagedBlob(blob.digest)) { try store.ingest(from: again, limit: 4) }
    }

    @Test("does not follow a link that stands in a blob's place")
    func followsNoLink() throws {
        let folder = try Folder()
        let store = try folder.blobs()
        let digest = Digest.of([9])
        let shelf = "\(folder.path)/blobs/sha256/\(digest.hex.prefix(2))"
        try FileManager.default.createDirectory(atPath: shelf, withIntermediateDirectories: false)
        #expect(symlink("/etc/passwd", "\(shelf)/\(digest.hex)") == 0)
        #expect(throws: StoreError.self) { _ = try store.open(digest) }
    }

    @Test("refuses a state folder that others may write to")
    func refusesOpenFolder() throws {
        let folder = try Folder()
        #expect(chmod(folder.path, 0o777) == 0)
        #expect(throws: LinuxError.self) { try folder.blobs() }
    }
}
