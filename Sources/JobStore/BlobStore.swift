internal import CSandbox
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

    /// Opens the store below `state`, made first when it is missing.
    package init(in state: borrowing OwnedDescriptor) throws(StoreError) {
        let blobs = try BlobStore.folder("blobs", in: state)
        folder = try BlobStore.folder("sha256", in: blobs)
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

    /// A file without a name, on the store's file system, for a blob whose digest is not known yet.
    func blank() throws(StoreError) -> NamelessFile {
        do throws(LinuxError) {
            return try NamelessFile(in: folder, mode: BlobStore.mode)
        } catch {
            throw StoreError(error)
        }
    }

    /// Gives a finished file its name; durable on return. A blob that was stored before gets a new lease.
    func keep(_ file: consuming NamelessFile, as blob: Blob) throws(StoreError) {
        CrashPoint.pass(.uploadWritten)
        pin([blob.digest])
        defer { unpin([blob.digest]) }
        let shelf = try BlobStore.folder(BlobStore.shelf(of: blob.digest), in: folder)
        let isNew: Bool
        do throws(LinuxError) {
            isNew = try file.link(as: blob.digest.hex, in: shelf)
        } catch {
            throw StoreError(error)
        }
        if !isNew {
            let stored = try open(blob.digest)
            let size = try storing { () throws(LinuxError) in
                try stored.touch()
                return try stored.status().size
            }
            guard size == blob.size else { throw .damagedBlob(blob.digest) }
        }
        CrashPoint.pass(.uploadLinked)
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
