internal import Dispatch
internal import Synchronization

/// Durable entries that are not published yet, and whoever waits for it.
struct Backlog: Sendable {
    var entries: [[UInt8]] = []
    var bytes = 0
    var head: TreeHead?
    var isScheduled = false
    var waiting: [(size: UInt64, bell: DispatchSemaphore)] = []
    /// Why the last publication failed.
    var failure: LogError?
    /// How many files of the journal wait for it.
    var journalFiles = 0

    /// More than this is published before another group is committed: memory is finite.
    static let byteLimit = 64 << 20
}

extension Log {
    /// Hands durable entries on to be published.
    func schedule(_ entries: [[UInt8]], _ head: TreeHead, files: Int) {
        let (isFirst, isTooMuch) = backlog.withLock { backlog in
            backlog.entries += entries
            backlog.bytes += entries.reduce(0) { $0 + $1.count }
            backlog.head = head
            backlog.journalFiles = files
            defer { backlog.isScheduled = true }
            return (!backlog.isScheduled, backlog.bytes > Backlog.byteLimit)
        }
        if isFirst { publishing.asyncAfter(deadline: .now() + options.lag) { [weak self] in self?.publishWaiting() } }
        if isTooMuch { publishWaiting() }
    }

    /// Refuses entries that nobody may ever be able to sign: when the signer is gone and the journal grows.
    func refuseUnsigned() throws(LogError) {
        let failure = backlog.withLock { $0.journalFiles > options.journalFileLimit ? $0.failure : nil }
        if let failure { throw failure }
    }

    /// Waits until the first `size` entries are published.
    func awaitPublished(_ size: UInt64) throws(LogError) -> SignedCheckpoint {
        let bell = DispatchSemaphore(value: 0)
        backlog.withLock { $0.waiting.append((size, bell)) }
        publishing.async { self.publishWaiting() }
        bell.wait()
        let failure = backlog.withLock { $0.failure }
        guard let published, published.checkpoint.size >= size else { throw failure ?? .closed }
        return published
    }

    /// Publishes now, on the caller's thread.
    func publishNow(keep: Bool) throws(LogError) {
        publishWaiting(keep: keep)
        if let failure = backlog.withLock({ $0.failure }) { throw failure }
    }

    /// Publishes everything that is durable. A fault is kept for who waits, and after one of the signer's the next try does it all.
    private func publishWaiting(keep: Bool = false) {
        let result: Result<Void, LogError> = publisher.withLock { publisher in
            let (entries, head) = backlog.withLock { backlog in
                defer { (backlog.entries, backlog.bytes, backlog.isScheduled) = ([], 0, false) }
                return (backlog.entries, backlog.head)
            }
            guard let head else { return .success(()) }
            return Result { () throws(LogError) in
                try publisher.publish(entries, head: head, keep: keep)
                newest.withLock { $0 = publisher.published }
                tidy()
            }
        }
        finish(result)
    }

    private func finish(_ result: Result<Void, LogError>) {
        let size = published?.checkpoint.size ?? 0
        let failure: LogError? = if case .failure(let error) = result { error } else { nil }
        let bells = backlog.withLock { backlog in
            backlog.failure = failure
            let ready = backlog.waiting.filter { failure != nil || $0.size <= size }
            backlog.waiting.removeAll { failure != nil || $0.size <= size }
            return ready.map(\.bell)
        }
        for bell in bells { bell.signal() }
        guard let failure else { return }
        if failure.isOfSigner {
            publishing.asyncAfter(deadline: .now() + 1) { [weak self] in self?.retry() }
        } else {
            // What is in the folder now is unknown, and only a new start finds out.
            queue.withLock { $0.end = $0.end ?? failure }
        }
    }

    private func retry() {
        if backlog.withLock({ $0.failure != nil }) { publishWaiting() }
    }

    /// Drops what is published from the journal, and makes its next file ahead of time.
    private func tidy() {
        guard let size = published?.checkpoint.size else { return }
        let needsSpare = committer.withLock { committer -> Bool in
            // A file that stays for want of a trip to the disk is dropped the next time.
            try? committer.journal.drop(below: size)
            return !committer.journal.hasSpare
        }
        guard needsSpare else { return }
        // Without a spare the journal fills its next file itself when it comes to it, and then says what is wrong.
        try? fillSpare()
    }

    /// Filling a file takes a while, and commits go on meanwhile.
    private func fillSpare() throws(LogError) {
        let folder = try committer.withLock { committer throws(LogError) in try committer.journal.duplicateFolder() }
        try Journal.fillSpare(in: folder, size: options.journalFileSize)
        try committer.withLock { committer throws(LogError) in try committer.journal.takeSpare() }
    }
}
