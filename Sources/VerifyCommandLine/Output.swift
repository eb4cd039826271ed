internal import Glibc
internal import JSON
internal import Linux

/// One document or lines to stdout, prose to stderr; names of strangers can't steer a terminal.
package enum Output {
    static func show(_ json: JSON) { write(json.prettyBytes(), to: STDOUT_FILENO) }

    static func show(_ line: String) { write(safe(line), to: STDOUT_FILENO) }

    package static func say(_ line: String) { write(safe(line), to: STDERR_FILENO) }

    private static func safe(_ line: String) -> [UInt8] { Array(Display.text(Array(line.utf8)).utf8) + [0x0a] }

    /// Until it is written, or nobody reads any more.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
