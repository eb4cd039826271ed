internal import CSandbox
internal import Jobs
package import Linux
package import Measure
internal import SystemPackage

/// Bytes by their digest: `blobs/sha256/ab/abcdef…`, root's alone, never changed, never replaced.
///
/// A blob that nothing names any more stays; taking those away needs the jobs' side as well and is not done yet.
package final class BlobStore: Sendable {
    /// Written by nobody, readable by all who can reach it: the folders above are root's alone, and a job reaches a blob through a
    /// read-only mount of that one file, under a uid of its own.
    private static let mode: UInt16 = 0o444

    private let folder: OwnedDescriptor

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

    /// A file without a name, on the store's file system, for a blob whose digest is not known yet.
    func blank() throws(StoreError) -> NamelessFile {
        do throws(LinuxError) {
            return try NamelessFile(in: folder, mode: BlobStore.mode)
        } catch {
            throw StoreError(error)
        }
    }

    /// Gives a finished file its name; durable on return.
    func keep(_ file: consuming NamelessFile, as blob: Blob) throws(StoreError) {
        let shelf = try BlobStore.folder(BlobStore.shelf(of: blob.digest), in: folder)
        let isNew: Bool
        do throws(LinuxError) {
            isNew = try file.link(as: blob.digest.hex, in: shelf)
        } catch {
            throw StoreError(error)
        }
        guard isNew else {
            guard try size(of: blob.digest) == blob.size else { throw .damagedBlob(blob.digest) }
            return
        }
    }

    private static func folder(
        _ name: String, in parent: borrowing OwnedDescriptor
    ) throws(StoreError) -> OwnedDescriptor {
        do throws(LinuxError) { return try parent.directory(name) } catch { throw StoreError(error) }
    }

    /// One folder for each first byte, so that none grows to where looking up a name is slow.
    private static func shelf(of digest: Digest) -> String { String(digest.hex.prefix(2)) }

    private static func path(of digest: Digest) -> [UInt8] { Array("\(shelf(of: digest))/\(digest.hex)".utf8) }
}
