internal import Dispatch
package import Linux
internal import Synchronization

/// The log of one node, open for writing. Calls block: they wait for the disk.
///
/// An entry is durable when its group's record is in the journal: one trip to the disk, shared by all who wait. It is published, with tiles
/// and a signed checkpoint, a moment later, also in groups (`Publisher` has the order and the reasons). Whoever needs the stronger
/// promise waits for it.
package final class Log: Sendable {
    package struct Options: Sendable {
        /// How long a durable entry may wait for its checkpoint.
        package var lag = 0.1
        /// Bytes of a file of the journal.
        package var journalFileSize = 8 << 20
        /// Journal files that may wait for a signer that does not sign; then appends are refused.
        package var journalFileLimit = 32

        package init() {}
    }

    /// What an append waits for.
    package enum Promise: Sendable {
        /// No crash loses the entry, and its number is its own.
        case durable
        /// Readers see it, under a signed checkpoint.
        case published
    }

    package let key: VerifierKey
    let options: Options
    let queue = Mutex(GroupQueue())
    let committer: Mutex<Committer>
    let publisher: Mutex<Publisher>
    let backlog = Mutex(Backlog())
    let publishing = DispatchQueue(label: "aibom.log.publish")
    /// Copied after each publication, so that readers don't wait for one.
    let newest: Mutex<SignedCheckpoint?>
    private let isClosed = Atomic(false)
    /// Holds the lock of the log, with which no other process may write.
    private let lock: OwnedDescriptor

    /// Opens the log in `folder`, or makes it there.
    ///
    /// - Parameters:
    ///   - folder: the log's own.
    ///   - signer: holds the log's key, whose name is the log's origin.
    ///   - headFile: where the newest signed checkpoint is kept beside the log.
    ///   - witnessed: a checkpoint that somebody else has of this log.
    ///   - options: how it writes.
    /// - Throws: `LogError.locked` when another process has it, `.wentBackwards` and `.inconsistent` when it is not the log that was
    ///   seen, `.damaged` when acknowledged entries can't be read.
    package init(
        in folder: consuming OwnedDescriptor, signer: any NoteSigner, headFile: HeadFile? = nil,
        witnessed: Checkpoint? = nil,
        options: Options = Options()
    ) throws(LogError) {
        let key = signer.key
        guard try system({ () throws(LinuxError) in try folder.lockFolder() }) else { throw .locked }
        let journalFolder = try system { () throws(LinuxError) in try folder.directory(LogFile.journal) }
        var seen = witnessed.map { [($0, "the witness")] } ?? []
        if let recorded = try headFile?.read(by: key) { seen.append((recorded.checkpoint, "the head file")) }
        for checkpoint in seen.map(\.0) where checkpoint.origin != key.name {
            throw .unknownKey("\(key.name); the checkpoint to compare with is of \(checkpoint.origin)")
        }
        let recovery = try Recovery.run(folder: folder, journal: journalFolder, key: key, seen: seen)
        let (head, files, found) = (recovery.head, recovery.files, recovery.published)
        let frontier = recovery.frontier
        var publisher = Publisher(
            folder: try system { () throws(LinuxError) in try folder.duplicate() }, tiles: recovery.takeTiles(),
            history: try CheckpointHistory(in: folder), signer: signer, headFile: headFile, published: found)
        try publisher.publish([], head: head, keep: true)
        // Everything is published: the journal begins anew, and only then the old files go.
        var journal = try Journal(
            in: journalFolder, from: frontier.size, after: files, fileSize: options.journalFileSize)
        try journal.drop(below: frontier.size)
        newest = Mutex(publisher.published)
        committer = Mutex(Committer(frontier: frontier, journal: journal))
        self.publisher = Mutex(publisher)
        self.key = key
        self.options = options
        lock = folder
    }

    /// Appends an entry.
    @discardableResult
    package func append(_ entry: LogEntry, until promise: Promise = .durable) throws(LogError) -> Receipt {
        try append([try entry.bytes()], until: promise)
    }

    /// Appends entries, one after the other, with none of another writer between them.
    ///
    /// - Parameters:
    ///   - entries: at least one; together no more than one file of the journal holds.
    ///   - promise: what to wait for.
    /// - Throws: `LogError.entryTooLarge`, `.closed`, or why the log can't go on: after a fault of the disk nothing is taken any more
    ///   until the log is opened anew.
    /// - Returns: the entries' numbers, and the checkpoint if it was waited for. When the wait for the checkpoint fails, the entries are
    ///   durable all the same.
    @discardableResult
    package func append(_ entries: [[UInt8]], until promise: Promise = .durable) throws(LogError) -> Receipt {
        precondition(!entries.isEmpty, "there is something to append")
        for entry in entries where entry.count > EntryBundle.entryLimit { throw .entryTooLarge(entry.count) }
        let submission = Submission(entries)
        guard submission.size <= recordLimit else {
            throw .malformed(
                "append", "\(submission.size) bytes at once, more than the \(recordLimit) of a journal record")
        }
        try refuseUnsigned()
        let (indices, head) = try commit(submission)
        let checkpoint = promise == .published ? try awaitPublished(indices.upperBound) : nil
        return Receipt(indices: indices, head: head, checkpoint: checkpoint)
    }

    /// How many entries are durable.
    package var size: UInt64 { committer.withLock { $0.size } }

    /// Publishes what is durable, unless that is done, and gives the checkpoint.
    package func publish() throws(LogError) -> SignedCheckpoint {
        try publishNow(keep: false)
        guard let published else { throw .closed }
        return published
    }

    /// The newest published checkpoint.
    package var published: SignedCheckpoint? { newest.withLock { $0 } }

    /// Whether a fault of the disk has ended it: it takes nothing any more, and has to be closed and opened anew.
    package var hasFailed: Bool { queue.withLock { $0.end.map { $0 != .closed } ?? false } }

    /// Publishes everything, and takes nothing any more. For one caller.
    ///
    /// - Throws: why not everything could be published; what is durable is published when the log is opened anew.
    package func close() throws(LogError) {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let failure = queue.withLock { $0.end }
        queue.withLock { $0.close() }?.wait()
        // From here on the folder may be another writer's.
        defer {
            publisher.withLock { $0.end() }
            lock.unlockFolder()
        }
        if let failure { throw failure }
        try publishNow(keep: true)
    }

    private var recordLimit: Int { options.journalFileSize - 2 * JournalRecord.block }

    private func commit(_ submission: Submission) throws(LogError) -> (Range<UInt64>, TreeHead) {
        let leads = try queue.withLock { queue throws(LogError) in try queue.add(submission) }
        if !leads, let answer = try submission.wait() { return answer }
        return try lead(submission)
    }

    /// Commits the group whose first submission is the caller's own.
    private func lead(_ own: Submission) throws(LogError) -> (Range<UInt64>, TreeHead) {
        let group = queue.withLock { $0.take(limit: recordLimit) }
        let entries = group.count == 1 ? own.entries : group.flatMap(\.entries)
        let committed: Result<(UInt64, TreeHead), LogError> = Result { () throws(LogError) in
            let (first, head, files) = try committer.withLock { committer throws(LogError) in
                try committer.commit(entries)
            }
            schedule(entries, head, files: files)
            return (first, head)
        }
        switch committed {
        case .failure(let error):
            // What is in the journal now is unknown: only a new start can tell.
            let others = queue.withLock { $0.fail(error) }
            for other in group.dropFirst() + others { other.fail(error) }
            throw error
        case .success((let first, let head)):
            var next = first + UInt64(own.entries.count)
            for other in group.dropFirst() {
                let end = next + UInt64(other.entries.count)
                other.finish(next..<end, head)
                next = end
            }
            queue.withLock { $0.handOver() }?.promote()
            return (first..<(first + UInt64(own.entries.count)), head)
        }
    }
}

/// The tree's right edge and the journal: what a commit changes.
struct Committer: ~Copyable {
    private var frontier: Frontier
    private var hasher = TreeHasher()
    var journal: Journal

    var size: UInt64 { frontier.size }

    init(frontier: Frontier, journal: consuming Journal) {
        self.frontier = frontier
        self.journal = journal
    }

    /// Makes entries durable.
    ///
    /// - Returns: the first one's number, the tree's head after them, and how many files the journal has.
    mutating func commit(_ entries: [[UInt8]]) throws(LogError) -> (UInt64, TreeHead, Int) {
        var grown = frontier
        for entry in entries { grown.append(hasher.leaf(entry), &hasher) }
        let head = TreeHead(size: grown.size, root: grown.root(&hasher))
        try journal.append(JournalRecord(first: frontier.size, entries: entries, root: head.root))
        defer { frontier = grown }
        return (frontier.size, head, journal.files.count)
    }
}
