import Synchronization

/// Bytes on their way, of one file or several: how many, how fast, how long still; all on one line of a terminal.
final class TransferBar: Sendable {
    private struct State {
        var name = ""
        var number = 0
        /// Of the files before this one.
        var before: UInt64 = 0
        var size: UInt64 = 0
        var pace = Pace()
    }

    private let verb: String
    private let files: Int
    private let total: UInt64
    private let bar = ProgressBar()
    private let state = Mutex(State())

    /// - Parameters:
    ///   - verb: `upload`, `fetch`.
    ///   - sizes: of all files, in their order.
    init(_ verb: String, sizes: [UInt64]) {
        self.verb = verb
        files = sizes.count
        total = sizes.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }

    /// The next file begins.
    func begin(_ name: String, size: UInt64) {
        state.withLock { state in
            state.before += state.size
            (state.name, state.size) = (name, size)
            state.number += 1
        }
    }

    /// So many bytes of the present file have passed.
    func show(_ passed: UInt64) {
        let (label, done, note) = state.withLock { state in
            let done = state.before + passed
            let rate = state.pace.rate(done, at: .now)
            let label = files == 1 ? "\(verb) \(state.name)" : "\(verb) \(state.number)/\(files) \(state.name)"
            return (label, done, TransferBar.note(done, of: total, rate: rate))
        }
        bar.show(label, done, of: total, note: note)
    }

    /// Makes room for a line on a terminal that shows both.
    func pause() { if Console.outIsTerminal { bar.erase() } }

    func finish() { bar.finish() }

    static func note(_ done: UInt64, of total: UInt64, rate: Double?) -> String {
        var words = ["\(humanSize(done)) of \(humanSize(total))"]
        if let rate, rate > 0 {
            words.append("\(humanSize(UInt64(min(rate, 1e18))))/s")
            if done < total { words.append("\(humanTime(Double(total - done) / rate)) left") }
        }
        return words.joined(separator: "  ")
    }
}

/// Bytes in a second, over the last few seconds.
struct Pace {
    private static let window = Duration.seconds(5)
    private static let interval = Duration.milliseconds(100)

    private var samples: [(time: ContinuousClock.Instant, done: UInt64)] = []

    /// Takes how far things are now; nil as long as nothing can be said of a rate. A smaller number than before begins anew.
    mutating func rate(_ done: UInt64, at now: ContinuousClock.Instant) -> Double? {
        if let last = samples.last, done < last.done { samples = [] }
        if samples.last.map({ now - $0.time >= Pace.interval }) ?? true { samples.append((now, done)) }
        while samples.count > 2, let first = samples.first, now - first.time > Pace.window { samples.removeFirst() }
        guard let first = samples.first, now - first.time >= Pace.interval else { return nil }
        return Double(done - first.done) / ((now - first.time) / .seconds(1))
    }
}

/// `75` seconds as `1:15`.
func humanTime(_ seconds: Double) -> String {
    guard seconds < 100 * 3600 else { return "days" }
    let whole = Int(seconds.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60):\(two(whole % 60))" }
    return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
}
