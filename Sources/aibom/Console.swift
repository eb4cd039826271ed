import Glibc
import JSON
import Linux

/// Where words go: one document or plain lines to stdout, prose to stderr.
enum Console {
    static let outIsTerminal = isatty(STDOUT_FILENO) == 1
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1

    /// How wide stderr's terminal is now: a window can change.
    static var errorColumns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// One JSON document on stdout; with it, nothing else goes there.
    static func show(_ json: JSON) { write(json.prettyBytes(), to: STDOUT_FILENO) }

    /// A line on stdout.
    static func show(_ line: String) { write(Array(Display.text(Array(line.utf8)).utf8) + [0x0a], to: STDOUT_FILENO) }

    /// A line of prose on stderr.
    static func say(_ line: String) { write(Array(Display.text(Array(line.utf8)).utf8) + [0x0a], to: STDERR_FILENO) }

    static func report(_ error: CommandError) {
        say("error: \(error.message)")
        for fact in error.facts { say("\(fact.name): \(fact.value)") }
        if let remedy = error.remedy { say("remedy: \(remedy)") }
    }

    /// Bytes as they are.
    ///
    /// - Returns: false when nobody reads any more.
    @discardableResult
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

extension String {
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
