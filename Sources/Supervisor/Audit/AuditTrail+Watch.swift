internal import AuditLog
internal import Foundation
internal import JSON
internal import Logging
internal import Measure
internal import Sandbox
internal import Synchronization

/// The thread that enters moves and watches the clock.
final class TrailWatch: Sendable {
    /// Seconds between two looks when nothing happens.
    private static let interval = 2.0
    /// Seconds in which moves gather: one trip to the disk serves all of them.
    private static let gathering = 0.02
    /// Milliseconds that the two clocks may part between two looks: slewing parts them by one.
    private static let tolerance: Int64 = 500

    private let trail: AuditTrail
    private let log: Logger
    private let isStopping = Atomic(false)

    init(_ trail: AuditTrail, log: Logger) {
        self.trail = trail
        self.log = log
    }

    func start() { Thread.detachNewThread { self.run() } }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        trail.bell.ring()
    }

    private func run() {
        var offset = Self.offset
        var isTroubled = false
        while !isStopping.load(ordering: .acquiring) {
            trail.bell.wait(seconds: Self.interval)
            Thread.sleep(forTimeInterval: Self.gathering)
            do throws(TrailError) {
                try trail.drain()
                offset = try checkClock(offset)
                if isTroubled { log.notice("the audit log takes entries again") }
                isTroubled = false
            } catch {
                if case .log(.closed) = error, isStopping.load(ordering: .acquiring) { return }
                if !isTroubled { log.critical("the audit log takes nothing", metadata: ["error": "\(error)"]) }
                isTroubled = true
                Thread.sleep(forTimeInterval: 1)
            }
        }
    }

    /// How far the calendar's clock is from one that nobody can set, in milliseconds.
    private static var offset: Int64 { Instant.now().milliseconds - Clock.microseconds() / 1000 }

    private func checkClock(_ before: Int64) throws(TrailError) -> Int64 {
        let now = Self.offset
        guard abs(now - before) >= Self.tolerance else { return now }
        try trail.noteStep(of: now - before)
        return now
    }
}

extension AuditTrail {
    /// An hour or more is no correction.
    private static let suspicious: Int64 = 3_600_000

    func noteStep(of milliseconds: Int64) throws(TrailError) {
        try note(
            .clockStepped, severity: abs(milliseconds) >= Self.suspicious ? .high : .medium,
            ["milliseconds": .integer(milliseconds)])
    }

    /// Enters that the clock is behind the log's own last entry, if it is.
    func noteClockBehind() throws(TrailError) {
        let size = log.published?.checkpoint.size ?? 0
        guard size > 0 else { return }
        let last: Instant
        do throws(LogError) { last = try LogEntry(bytes: reader.entry(size - 1, size: size)).time } catch {
            throw .log(error)
        }
        let behind = last.milliseconds - Instant.now().milliseconds
        if behind > 0 { try noteStep(of: -behind) }
    }
}
