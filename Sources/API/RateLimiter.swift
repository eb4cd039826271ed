internal import Synchronization

/// Holds every owner to the limits. In memory: a restart forgives.
///
/// An owner whose buckets are full again is forgotten, since a new one looks the same; so what is kept is bounded by who asked
/// lately, and that by a fixed number.
package final class RateLimiter: Sendable {
    static let maximumOwners = 65_536
    /// Tokens that let nobody in, from the gateway as a whole: beyond it the answer is "later" instead of "wrong". Nobody guesses
    /// 256 bits; this keeps a flood of guesses from being told apart one by one. A good token is not held up by them.
    private static let failures = (burst: 100.0, perSecond: 10.0)

    private struct Account {
        var requests: TokenBucket?
        var submissions: TokenBucket?
        var bytes: TokenBucket?
        var openUploads: UInt64 = 0

        mutating func isForgettable(at now: Double) -> Bool {
            openUploads == 0 && requests?.isFull(at: now) != false && submissions?.isFull(at: now) != false
                && bytes?.isFull(at: now) != false
        }
    }

    private struct Book {
        var accounts: [String: Account] = [:]
        var failures: TokenBucket
        var sweepAt = 1024
        var lastSweep = 0.0
    }

    private let limits: RateLimits
    private let clock: @Sendable () -> Double
    private let book: Mutex<Book>

    /// - Parameters:
    ///   - limits: for each owner.
    ///   - clock: seconds that never go back.
    package init(_ limits: RateLimits, clock: (@Sendable () -> Double)? = nil) {
        self.limits = limits
        let start = ContinuousClock.now
        let clock = clock ?? { start.duration(to: .now) / .seconds(1) }
        self.clock = clock
        let failures = TokenBucket(
            capacity: Self.failures.burst, perSecond: Self.failures.perSecond, at: clock())
        book = Mutex(Book(failures: failures))
    }

    /// One request of whatever kind.
    func admitRequest(of caller: Caller) throws(ServiceError) {
        guard let bound = limits.requestsPerSecond else { return }
        try change(caller) { account, now throws(ServiceError) in
            try Self.require(account.requests?.take(at: now), .requests, bound)
        }
    }

    func admitSubmission(of caller: Caller) throws(ServiceError) {
        guard let bound = limits.submissionsPerMinute else { return }
        try change(caller) { account, now throws(ServiceError) in
            try Self.require(account.submissions?.take(at: now), .submissions, bound)
        }
    }

    /// Call `endUpload` for each that this let in.
    func beginUpload(of caller: Caller) throws(ServiceError) {
        try change(caller) { account, now throws(ServiceError) in
            if let bound = limits.uploadBytesPerDay {
                try Self.require(account.bytes?.untilOne(at: now), .uploadBytes, bound)
            }
            if let bound = limits.openUploads, account.openUploads >= bound {
                throw .tooManyRequests(.openUploads, bound: bound, seconds: 5)
            }
            account.openUploads += 1
        }
    }

    func charge(_ bytes: Int, to caller: Caller) {
        try? change(caller) { account, now throws(ServiceError) in account.bytes?.charge(Double(bytes), at: now) }
    }

    func endUpload(of caller: Caller) {
        try? change(caller) { account, _ throws(ServiceError) in account.openUploads -= min(account.openUploads, 1) }
    }

    /// A token that let nobody in.
    func admitFailure() throws(ServiceError) {
        let now = clock()
        try book.withLock { book throws(ServiceError) in
            try Self.require(book.failures.take(at: now), .failedTokens, UInt64(Self.failures.perSecond))
        }
    }

    /// How many owners are remembered.
    var count: Int { book.withLock { $0.accounts.count } }

    private func change(
        _ caller: Caller, _ body: (inout Account, Double) throws(ServiceError) -> Void
    ) throws(ServiceError) {
        guard caller.isLimited else { return }
        let now = clock()
        try book.withLock { book throws(ServiceError) in
            if book.accounts[caller.owner] == nil { try open(caller.owner, in: &book, at: now) }
            guard var account = book.accounts[caller.owner] else { return }
            // What a refusal left of it counts as well.
            defer { book.accounts[caller.owner] = account }
            try body(&account, now)
        }
    }

    private func open(_ owner: String, in book: inout Book, at now: Double) throws(ServiceError) {
        let isFull = book.accounts.count >= Self.maximumOwners
        if book.accounts.count >= book.sweepAt || isFull && now - book.lastSweep >= 1 { sweep(&book, at: now) }
        guard book.accounts.count < Self.maximumOwners else {
            throw .tooManyRequests(.owners, bound: UInt64(Self.maximumOwners), seconds: 1)
        }
        book.accounts[owner] = Account(
            requests: limits.requestsPerSecond.map {
                TokenBucket(capacity: Double(max(limits.requestBurst, 1)), perSecond: Double($0), at: now)
            },
            submissions: limits.submissionsPerMinute.map {
                TokenBucket(capacity: Double($0), perSecond: Double($0) / 60, at: now)
            },
            bytes: limits.uploadBytesPerDay.map {
                TokenBucket(capacity: Double($0), perSecond: Double($0) / 86_400, at: now)
            })
    }

    private func sweep(_ book: inout Book, at now: Double) {
        for (owner, var account) in book.accounts where account.isForgettable(at: now) {
            book.accounts[owner] = nil
        }
        book.sweepAt = min(Self.maximumOwners, max(1024, 2 * book.accounts.count))
        book.lastSweep = now
    }

    private static func require(_ wait: Double?, _ limit: RateLimit, _ bound: UInt64) throws(ServiceError) {
        guard let wait else { return }
        // A limit of 0 never fills: a day is as good as any answer.
        let seconds = max(1, min(86_400, wait.rounded(.up)))
        throw .tooManyRequests(limit, bound: bound, seconds: Int(seconds))
    }
}
