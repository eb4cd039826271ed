internal import CLinux
internal import Linux
package import Measure
internal import SystemPackage

/// How blobs go.
///
/// A blob may go when no job needs it (`JobStore.needs`) and nobody is about to make one need it. Three that might be about to:
///
/// 1. A sender who has uploaded and not submitted yet. The time of the file is its lease: an upload sets it, also one of bytes that
///    are stored already, and for a day the blob stays; or until a job that was submitted after that upload has used it.
/// 2. A submission that has looked whether its blobs are stored, and commits the job a moment later. It *pins* them over both.
/// 3. A job whose outputs are stored and which is not sealing yet. What it stores has a fresh lease; what it is sealed with is held
///    by a row (`held_blobs`) for as long as sealing takes.
///
/// Look and removal happen under the lock of the pins, so nothing comes between the answer "nobody needs it" and the removal. Whoever
/// pins afterwards finds the blob gone and is told so before he is promised anything. Removal is one unlink(2): a crash leaves the
/// blob there, to be found by the next sweep, or not there. The database has no row for a blob as such, so none can be wrong.
extension BlobStore {
    /// How long an upload waits for its submission.
    package static let leaseMilliseconds: Int64 = 86_400_000

    /// Runs `body` while none of `digests` can be removed.
    package func pinning<Answer, Failure: Error>(
        _ digests: [Digest], _ body: () throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        pin(digests)
        defer { unpin(digests) }
        return try body()
    }

    /// Removes a blob that nobody needs.
    ///
    /// - Parameters:
    ///   - digest: the blob; one that is not stored is what was asked for.
    ///   - jobs: who may need it.
    ///   - now: the time.
    /// - Returns: whether it was removed.
    /// - Throws: `StoreError`; the blob is there then.
    @discardableResult
    package func remove(
        _ digest: Digest, unlessNeededBy jobs: JobStore, now: Instant = .now()
    ) throws(StoreError) -> Bool {
        let isRemoved = try withPins { pins throws(StoreError) in
            guard pins[digest] == nil, try !isLeased(digest, jobs, now), try !jobs.needs(digest) else { return false }
            return try unlink(digest)
        }
        if isRemoved { CrashPoint.pass(.blobRemoved) }
        return isRemoved
    }

    /// Removes every blob that nobody needs; what a killed process left without a row is among them.
    ///
    /// - Returns: how many were removed.
    @discardableResult
    package func sweep(unlessNeededBy jobs: JobStore, now: Instant = .now()) throws(StoreError) -> Int {
        var removed = 0
        for shelf in try shelves() {
            for digest in try digests(on: shelf) where try remove(digest, unlessNeededBy: jobs, now: now) {
                removed += 1
            }
        }
        return removed
    }

    private func isLeased(_ digest: Digest, _ jobs: JobStore, _ now: Instant) throws(StoreError) -> Bool {
        let lease: Int64
        do throws(StoreError) {
            let file = try open(digest)
            lease = try storing { () throws(LinuxError) in try file.modified() }
        } catch {
            // Gone, or not a blob of ours: nothing to keep for anybody.
            if case .noSuchBlob = error { return true }
            throw error
        }
        guard now.milliseconds - lease < Self.leaseMilliseconds else { return false }
        // A job that named it after the upload was what the lease was for.
        guard let use = try jobs.lastUse(of: digest) else { return true }
        return use.milliseconds < lease
    }

    private func shelves() throws(StoreError) -> [String] {
        try storing { () throws(LinuxError) in try folder.openAgain().names(limit: 4096) }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private func digests(on shelf: String) throws(StoreError) -> [Digest] {
        let names = try storing { () throws(LinuxError) in
            try OwnedDescriptor.open(
                Array(shelf.utf8), in: folder, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, stage: "list blobs"
            ).names(limit: .max)
        }
        return names.compactMap { Digest(hex: String(decoding: $0, as: UTF8.self)) }
    }

    private func unlink(_ digest: Digest) throws(StoreError) -> Bool {
        try storing { () throws(LinuxError) in
            let shelf = try OwnedDescriptor.open(
                Array(BlobStore.shelf(of: digest).utf8), in: folder, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                stage: "open folder")
            try shelf.remove(digest.hex)
        }
        return true
    }
}

extension OwnedDescriptor {
    /// The same folder with a position of its own: names are read from the start each time.
    fileprivate borrowing func openAgain() throws(LinuxError) -> OwnedDescriptor {
        try OwnedDescriptor.open(
            Array(".".utf8), in: self, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, stage: "open folder")
    }
}
