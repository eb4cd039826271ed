import Glibc
import Linux
import Synchronization

/// A bar on a terminal, redrawn at most ten times a second; elsewhere nothing.
final class ProgressBar: Sendable {
    private static let width = 24
    private static let interval = Duration.milliseconds(100)

    private let label: String
    private let drawn = Mutex<ContinuousClock.Instant?>(nil)

    init(_ label: String) { self.label = label }

    /// Shows how far things are; `note` stands behind the bar.
    func show(_ done: UInt64, of total: UInt64, note: String = "") {
        guard Console.errorIsTerminal else { return }
        let now = ContinuousClock.now
        let isDue = drawn.withLock { last in
            guard done >= total || last.map({ now - $0 >= ProgressBar.interval }) ?? true else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let share = total == 0 ? 1 : min(1, Double(done) / Double(total))
        let filled = Int(share * Double(ProgressBar.width))
        let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: ProgressBar.width - filled)
        let percent = String(Int(share * 100))
        let text = Display.text(Array("\(label) [\(bar)] \(percent)% \(note)".utf8))
        Console.write(Array("\r\u{1b}[K\(text)".utf8), to: STDERR_FILENO)
    }

    /// Leaves the line, so that what comes next has its own.
    func finish() {
        guard drawn.withLock({ $0 }) != nil else { return }
        Console.write([0x0a], to: STDERR_FILENO)
    }
}

/// `1234567` as `1.2 MB`.
func humanSize(_ bytes: UInt64) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000 { return unit == "B" ? "\(bytes) B" : "\(Double(Int(value * 10)) / 10) \(unit)" }
        value /= 1000
    }
    return "\(Double(Int(value * 10)) / 10) TB"
}
