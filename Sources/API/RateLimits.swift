/// How much one owner may ask for. Nil is no limit.
package struct RateLimits: Sendable, Equatable {
    /// Requests, in the long run and at once.
    package var requestsPerSecond: UInt64? = 50
    package var requestBurst: UInt64 = 100
    /// Jobs handed in; as many may come at once after a quiet minute.
    package var submissionsPerMinute: UInt64? = 600
    /// Uploads under way at the same time.
    package var openUploads: UInt64? = 16
    /// Bytes taken in, in the long run; as many may come at once after a quiet day, and the upload that crosses the bound is still
    /// taken.
    package var uploadBytesPerDay: UInt64? = 1 << 40

    package init() {}

    /// For a service with one user, and for measuring.
    package static let off: RateLimits = {
        var limits = RateLimits()
        limits.requestsPerSecond = nil
        limits.submissionsPerMinute = nil
        limits.openUploads = nil
        limits.uploadBytesPerDay = nil
        return limits
    }()
}

/// Which bound was met, as the problem document names it.
package enum RateLimit: String, Sendable {
    case requests = "requests_per_second"
    case submissions = "submissions_per_minute"
    case openUploads = "open_uploads"
    case uploadBytes = "upload_bytes_per_day"
    case failedTokens = "failed_tokens"
    /// Owners that ask at the same time, all together: a gateway can make up names.
    case owners = "owners"
}

/// A bucket that time fills and use empties.
struct TokenBucket: Equatable {
    let capacity: Double
    let perSecond: Double
    private var level: Double
    private var time: Double

    /// A full one. `time` is in seconds of a clock that never goes back.
    init(capacity: Double, perSecond: Double, at time: Double) {
        self.capacity = capacity
        self.perSecond = perSecond
        level = capacity
        self.time = time
    }

    private mutating func fill(at now: Double) {
        level = min(capacity, level + max(0, now - time) * perSecond)
        time = max(time, now)
    }

    /// Takes one out.
    ///
    /// - Returns: nil, or the seconds until there is one.
    mutating func take(at now: Double) -> Double? {
        let wait = untilOne(at: now)
        if wait == nil { level -= 1 }
        return wait
    }

    /// The seconds until there is at least one; nil when there is.
    mutating func untilOne(at now: Double) -> Double? {
        fill(at: now)
        return level >= 1 ? nil : (1 - level) / perSecond
    }

    /// Takes what was used already, if need be into debt.
    mutating func charge(_ amount: Double, at now: Double) {
        fill(at: now)
        level -= amount
    }

    mutating func isFull(at now: Double) -> Bool {
        fill(at: now)
        return level >= capacity
    }
}
