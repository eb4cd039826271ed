internal import Foundation
package import Logging
internal import Synchronization

/// Signs of life for the service manager, sent only while the service does its work.
///
/// On a thread of its own that does nothing else; a service that hangs in one of its parts falls silent, and the manager
/// restarts it.
package final class Watchdog: Sendable {
    /// One part of a service, and whether it answers now. May wait some seconds.
    package struct Check: Sendable {
        package let part: String
        package let isAlive: @Sendable () -> Bool

        package init(_ part: String, isAlive: @escaping @Sendable () -> Bool) {
            self.part = part
            self.isAlive = isAlive
        }
    }

    private let notifier: Notifier
    private let checks: [Check]
    private let log: Logger
    private let hasEnded = Atomic(false)
    private let isRelaxed = Atomic(false)
    private let wake = DispatchSemaphore(value: 0)

    package init(_ notifier: Notifier, checks: [Check], log: Logger) {
        self.notifier = notifier
        self.checks = checks
        self.log = log
    }

    /// Begins, when the manager asked for it: a round at half of its interval, as sd_watchdog_enabled(3) recommends.
    package func start() {
        guard let interval = notifier.watchdog else { return }
        Thread.detachNewThread { [self] in
            while !hasEnded.load(ordering: .acquiring) {
                round()
                _ = wake.wait(timeout: .now() + interval.seconds / 2)
            }
        }
    }

    /// From now on the service stops, within a bound of its own, and its parts need not answer.
    package func relax() { isRelaxed.store(true, ordering: .releasing) }

    /// Says nothing any more.
    package func end() {
        hasEnded.store(true, ordering: .releasing)
        wake.signal()
    }

    private func round() {
        let silent = isRelaxed.load(ordering: .acquiring) ? [] : checks.filter { !$0.isAlive() }
        guard !hasEnded.load(ordering: .acquiring) else { return }
        guard silent.isEmpty else {
            let parts = silent.map(\.part).joined(separator: ", ")
            log.error("a part of the service does not answer; no sign of life is sent", metadata: ["parts": "\(parts)"])
            return
        }
        notifier.isAlive()
    }
}
