internal import CLinux
internal import Jobs
package import Linux
package import Measure
internal import Synchronization
internal import SystemPackage

/// Bytes by their digest: `blobs/sha256/ab/abcdef…`, root's alone, never changed, never replaced. How they go: `remove`.
package final class BlobStore: Sendable {
    /// Written by nobody, readable by all who can reach it: the folders above are root's alone, and a job reaches a blob through a
    /// read-only mount of that one file, under a uid of its own.
    private static let mode: UInt16 = 0o444

    let folder: OwnedDescriptor
    /// Blobs that must not go now, each with the number of those who say so.
    private let pins = Mutex<[Digest: Int]>([:])
    /// Blobs whose names may not be on the disk yet. All others that can be opened are there to stay.
    private let arriving = Mutex<Set<Digest>>([])

    /// Opens the store below `state`, made first when it is missing. A name that a killed process had given and not synced yet is on the
    /// disk on return.
    package init(in state: borrowing OwnedDescriptor) throws(StoreError) {
        let blobs = try BlobStore.folder("blobs", in: state)
        folder = try BlobStore.folder("sha256", in: blobs)
        do throws(LinuxError) { try folder.synchroniseFileSystem() } catch { throw StoreError(error) }
    }

    /// Opens a stored blob for reading.
    ///
    /// - Throws: `StoreError.noSuchBlob`.
    package func open(_ digest: Digest) throws(StoreError) -> OwnedDescriptor {
        do throws(LinuxError) {
            return try OwnedDescriptor.open(
                BlobStore.path(of: digest), in: folder, flags: O_RDONLY | O_NOFOLLOW, stage: "open blob")
        } catch {
            throw error.errno == .noSuchFileOrDirectory ? .noSuchBlob(digest) : StoreError(error)
        }
    }

    /// The size of a stored blob; nil when it is not stored.
    package func size(of digest: Digest) throws(StoreError) -> UInt64? {
        do throws(StoreError) {
            let file = try open(digest)
            return try storing { () throws(LinuxError) in try file.status().size }
        } catch {
            guard case .noSuchBlob = error else { throw error }
            return nil
        }
    }

    /// Bytes that its file system could still take.
    package func freeBytes() throws(StoreError) -> UInt64 {
        do throws(LinuxError) { return try folder.freeBytes() } catch { throw StoreError(error) }
    }

    /// A file without a name, on the store's file system, for a blob whose digest is not known yet or that is not stored; with these
    /// bytes in it.
    func blank(holding bytes: [UInt8]) throws(StoreError) -> NamelessFile {
        do throws(LinuxError) {
            let file = try NamelessFile(in: folder, mode: BlobStore.mode)
            try bytes.span.withUnsafeBytes { buffer throws(LinuxError) in try file.write(buffer) }
            return file
        } catch {
            throw StoreError(error)
        }
    }

    /// Gives a finished file its name; durable on return. A blob that was stored before gets a new lease.
    func keep(_ file: consuming NamelessFile, as blob: Blob) throws(StoreError) {
        CrashPoint.pass(.uploadWritten)
        pin([blob.digest])
        defer { unpin([blob.digest]) }
        arriving.withLock { _ = $0.insert(blob.digest) }
        let shelf = try BlobStore.folder(BlobStore.shelf(of: blob.digest), in: folder)
        let isNew: Bool
        do throws(LinuxError) {
            isNew = try file.link(as: blob.digest.hex, in: shelf)
        } catch {
            throw StoreError(error)
        }
        // Whoever else gives it this name finds the name there, and it was synced after that.
        arriving.withLock { _ = $0.remove(blob.digest) }
        if !isNew { try renewLease(of: blob) }
        CrashPoint.pass(.uploadLinked)
    }

    /// Gives a blob that is stored, durably, a new lease: then nothing of it needs to be written.
    ///
    /// - Returns: false when it is not stored, or its name is on its way to the disk.
    func renew(_ blob: Blob) throws(StoreError) -> Bool {
        pin([blob.digest])
        defer { unpin([blob.digest]) }
        do throws(StoreError) { try renewLease(of: blob) } catch {
            guard case .noSuchBlob = error else { throw error }
            return false
        }
        // After the look: a name that was seen, and that nobody is bringing to the disk now, is there.
        return arriving.withLock { !$0.contains(blob.digest) }
    }

    private func renewLease(of blob: Blob) throws(StoreError) {
        let stored = try open(blob.digest)
        let size = try storing { () throws(LinuxError) in
            try stored.touch()
            return try stored.status().size
        }
        guard size == blob.size else { throw .damagedBlob(blob.digest) }
    }

    func pin(_ digests: [Digest]) { pins.withLock { pins in for digest in digests { pins[digest, default: 0] += 1 } } }

    func unpin(_ digests: [Digest]) {
        pins.withLock { pins in
            for digest in digests { pins[digest] = pins[digest].flatMap { $0 > 1 ? $0 - 1 : nil } }
        }
    }

    /// Runs `body` while nobody can pin.
    func withPins<Answer>(_ body: ([Digest: Int]) throws(StoreError) -> Answer) throws(StoreError) -> Answer {
        try pins.withLock { pins throws(StoreError) in try body(pins) }
    }

    private static func folder(
        _ name: String, in parent: borrowing OwnedDescriptor
    ) throws(StoreError) -> OwnedDescriptor {
        do throws(LinuxError) { return try parent.directory(name) } catch { throw StoreError(error) }
    }

    /// One folder for each first byte, so that none grows to where looking up a name is slow.
    static func shelf(of digest: Digest) -> String { String(digest.hex.prefix(2)) }

    private static func path(of digest: Digest) -> [UInt8] { Array("\(shelf(of: digest))/\(digest.hex)".utf8) }
}
