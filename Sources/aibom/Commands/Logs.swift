import ArgumentParser
import Glibc
import Jobs
import Linux

/// What a job printed.
struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a job printed.",
        discussion: "On a terminal, what would move its cursor or change its colours is shown as \\xNN instead.")

    private static let interval = Duration.milliseconds(500)

    @OptionGroup var service: ServiceOptions
    @OptionGroup var job: JobArgument

    @Flag(help: "Go on until the job ends.")
    var follow = false

    func run() async throws {
        try await ServiceClient.with(service) { client in
            var printer = LogPrinter()
            var isOver = !follow
            var isRead = true
            repeat {
                // The state is asked for before the log: what was printed up to the end is then in what is read next.
                if follow { isOver = try await client.job(job.id).state.isFinal }
                let offset = printer.size
                isRead = try await printer.print(client.stream("/v1/jobs/\(job.id)/logs?offset=\(offset)"), client)
                if !isOver, printer.size == offset { try await Task.sleep(for: Logs.interval) }
            } while isRead && !isOver
            printer.finish()
        }
    }
}

/// Prints a log as it comes: as it is to a file or a pipe, made harmless to a terminal.
struct LogPrinter {
    /// A line longer than this is shown in parts.
    private static let lineLimit = 64 << 10

    /// How many bytes of the log came.
    private(set) var size: UInt64 = 0
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
