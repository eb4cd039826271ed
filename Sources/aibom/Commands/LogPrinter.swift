import Glibc
import Linux

/// Prints a log as it comes: as it is to a file or a pipe, made harmless to a terminal.
struct LogPrinter {
    /// A line longer than this is shown in parts.
    private static let lineLimit = 64 << 10

    /// How many bytes of the log came.
    private(set) var size: UInt64 = 0
    private var attempt: Int?
    private var line: [UInt8] = []
    private let isHarmless: Bool
    private let sink: (_ bytes: [UInt8]) -> Bool

    init(
        isHarmless: Bool = Console.outIsTerminal,
        sink: @escaping (_ bytes: [UInt8]) -> Bool = { Console.write($0, to: STDOUT_FILENO) }
    ) {
        self.isHarmless = isHarmless
        self.sink = sink
    }

    /// Whether it is known that the job is there.
    var isBegun: Bool { attempt != nil }

    /// Each attempt has a log of its own, from its first byte on.
    ///
    /// - Returns: whether this is another one than before.
    mutating func begin(attempt: Int) -> Bool {
        defer { self.attempt = attempt }
        guard let known = self.attempt, known != attempt else { return false }
        finish()
        size = 0
        return true
    }

    /// - Returns: false when nobody reads any more.
    mutating func print(_ bytes: [UInt8]) -> Bool {
        size += UInt64(bytes.count)
        guard isHarmless else { return sink(bytes) }
        // Whole lines, so that no character is cut in two.
        line += bytes
        guard let end = line.lastIndex(of: 0x0a) else { return line.count < LogPrinter.lineLimit || flush(line.count) }
        return flush(end + 1)
    }

    @discardableResult
    mutating func finish() -> Bool { flush(line.count) }

    private mutating func flush(_ count: Int) -> Bool {
        let shown = Display.text(Array(line.prefix(count)))
        line.removeFirst(count)
        return sink(Array(shown.utf8))
    }
}
