internal import Glibc
internal import Synchronization

/// Where a test kills the writer: `AIBOM_LOG_CRASH_AT=publish.signed:3` does it at the third time. Not in release builds.
package enum LogCrashPoint: String, Sendable, CaseIterable {
    case journalHalfWritten = "journal.half-written"
    case journalWritten = "journal.written"
    case journalDurable = "journal.durable"
    case journalBegun = "journal.begun"
    case journalCut = "journal.cut"
    case tileHalfWritten = "publish.tile-half-written"
    case tilesWritten = "publish.tiles-written"
    case tilesDurable = "publish.tiles-durable"
    case signed = "publish.signed"
    case headRecorded = "publish.head-recorded"
    case historyWritten = "publish.history-written"
    case published = "publish.published"
    case swept = "publish.swept"
    case replayed = "recover.replayed"

    #if DEBUG
        private static let chosen: (point: String, time: Int)? = {
            guard let value = getenv("AIBOM_LOG_CRASH_AT").map({ String(cString: $0) }) else { return nil }
            let parts = value.split(separator: ":")
            return parts.first.map { (String($0), parts.count > 1 ? Int(parts[1]) ?? 1 : 1) }
        }()
        private static let passed = Mutex(0)

        /// Whether this is the moment to die.
        var isNow: Bool {
            guard let chosen = Self.chosen, chosen.point == rawValue else { return false }
            return Self.passed.withLock { passed in
                passed += 1
                return passed == chosen.time
            }
        }
    #else
        var isNow: Bool { false }
    #endif

    /// Dies here, as by SIGKILL from outside, if a test wants it.
    func reached() { if isNow { Self.die() } }

    static func die() { kill(getpid(), SIGKILL) }
}
