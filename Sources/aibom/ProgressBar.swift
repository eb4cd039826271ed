import Glibc
import Linux
import Synchronization

/// A bar on a terminal, redrawn at most ten times a second, on one line; elsewhere nothing.
final class ProgressBar: Sendable {
    private static let width = 24
    private static let interval = Duration.milliseconds(100)

    private let drawn = Mutex<ContinuousClock.Instant?>(nil)

    /// Shows how far things are; `note` stands behind the bar.
    func show(_ label: String, _ done: UInt64, of total: UInt64, note: String = "") {
        guard Console.errorIsTerminal else { return }
        let now = ContinuousClock.now
        let isDue = drawn.withLock { last in
            guard done >= total || last.map({ now - $0 >= ProgressBar.interval }) ?? true else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let line = ProgressBar.line(label, done, of: total, note: note, columns: Console.errorColumns)
        Console.write(Array("\r\u{1b}[K\(line)".utf8), to: STDERR_FILENO)
    }

    /// The bar, cut to what one line of the terminal holds: a second line could not be drawn over.
    static func line(_ label: String, _ done: UInt64, of total: UInt64, note: String, columns: Int) -> String {
        let share = total == 0 ? 1 : min(1, Double(done) / Double(total))
        let filled = Int(share * Double(width))
        let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
        let text = Display.text(Array("\(label) [\(bar)] \(Int(share * 100))%  \(note)".utf8))
        return String(text.prefix(max(1, columns - 1)))
    }

    /// Takes the bar away; it comes again when there is more to show.
    func erase() {
        guard drawn.withLock({ $0 }) != nil else { return }
        Console.write(Array("\r\u{1b}[K".utf8), to: STDERR_FILENO)
        drawn.withLock { $0 = nil }
    }

    /// Leaves the line, so that what comes next has its own.
    func finish() {
        let wasDrawn = drawn.withLock { last in
            defer { last = nil }
            return last != nil
        }
        if wasDrawn { Console.write([0x0a], to: STDERR_FILENO) }
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
