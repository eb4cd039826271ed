import Foundation
import Jobs
import Linux
import Measure
import Testing

@testable import JobStore

/// A tmpfs of a few pages; nil where this process may not mount.
final class SmallDisk: Sendable {
    static let isPossible: Bool = {
        guard let folder = try? Folder() else { return false }
        return (try? SmallDisk(folder, size: "64k")) != nil
    }()

    /// A machine that must run every test can't skip one.
    static let mustRun = ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1"

    let folder: Folder

    init(_ folder: Folder, size: String) throws {
        self.folder = folder
        guard mount("tmpfs", folder.path, "tmpfs", UInt(MS_NOSUID), "size=\(size),mode=700") == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM)
        }
    }

    deinit { umount2(folder.path, Int32(MNT_DETACH)) }
}

@Suite("a full disk", .enabled(if: SmallDisk.mustRun || SmallDisk.isPossible, "needs a mount of its own"))
struct FullDiskTests {
    @Test("stops a blob, leaves nothing of it, and leaves the others")
    func stopsBlob() throws {
        let disk = try SmallDisk(Folder(), size: "256k")
        let store = try disk.folder.blobs()
        let source = try Folder()
        let small = [UInt8](repeating: 1, count: 50_000)
        let blob = try store.ingest(from: source.write(small, as: "small"), limit: 1 << 20)
        let before = try disk.free()

        let large = try source.write(Array(repeating: 2, count: 1 << 20), as: "large")
        #expect(throws: StoreError.storageFull(stage: "write")) { try store.ingest(from: large, limit: 1 << 20) }

        #expect(try disk.folder.files().count == 1)
        #expect(try disk.free() == before)
        #expect(try store.open(blob.digest).readAll(limit: 1 << 20) == small)
        _ = try store.ingest(from: source.write([3], as: "tiny"), limit: 1)
    }

    @Test("takes bytes that it has already, for nothing of them is written", arguments: [1, 200_000])
    func takesKnownBlob(size: Int) throws {
        let disk = try SmallDisk(Folder(), size: "512k")
        let store = try disk.folder.blobs()
        let source = try Folder()
        let bytes = [UInt8](repeating: 1, count: size)
        let blob = try store.ingest(from: source.write(bytes, as: "first"), limit: 1 << 20)
        if size <= BlobWriter.heldBytes { try disk.fill() }
        let before = try disk.free()
        #expect(try store.ingest(from: source.write(bytes, as: "again"), limit: 1 << 20) == blob)
        #expect(try disk.free() == before)
    }

    @Test("is a refusal of a job, and the jobs that were stay")
    func refusesJob() throws {
        let disk = try SmallDisk(Folder(), size: "1m")
        let store = try disk.folder.jobs()
        let kept = try store.accept(newJob()).job
        try disk.fill()
        var refusal: StoreError?
        for _ in 0..<1000 where refusal == nil {
            do throws(StoreError) { _ = try store.accept(try newJobOrStop()) } catch { refusal = error }
        }
        #expect(refusal == .storageFull(stage: "accept job"))
        #expect(try store.job(kept.id) == kept)
    }

    @Test("leaves the old file and no temporary one")
    func keepsOldFile() throws {
        let disk = try SmallDisk(Folder(), size: "64k")
        let folder = try OwnedDescriptor.directory(disk.folder.path)
        try DurableFile.publish([1, 2, 3], as: "note", in: folder)
        #expect(throws: LinuxError.self) {
            try DurableFile.publish(Array(repeating: 4, count: 100_000), as: "note", in: folder)
        }
        #expect(try disk.folder.files() == ["note"])
        let note = try OwnedDescriptor.open("\(disk.folder.path)/note", flags: 0)
        #expect(try note.readAll(limit: 10) == [1, 2, 3])
    }
}

/// A job in the terms of typed throws: making one can't fail in a test that made one before.
private func newJobOrStop() throws(StoreError) -> NewJob {
    do { return try newJob() } catch { throw .database(stage: "make job", detail: "\(error)") }
}

extension SmallDisk {
    func free() throws -> UInt64 {
        var status = statvfs()
        guard statvfs(folder.path, &status) == 0 else { throw POSIXError(.EIO) }
        return UInt64(status.f_bfree)
    }

    /// Takes every page that is left.
    func fill() throws {
        let file = try OwnedDescriptor.open("\(folder.path)/filler", flags: O_WRONLY | O_CREAT, mode: 0o600)
        let page = [UInt8](repeating: 0xff, count: 4096)
        while (try? file.write(page)) != nil {}
    }
}
