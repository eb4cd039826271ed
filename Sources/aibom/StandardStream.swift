internal import Glibc

/// Our own stdout and stderr, written whole.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    /// Writes all of `bytes`; a reader that is gone is its own affair (SIGPIPE ends us, as it ends any filter).
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}

/// A failure of the command line's own, printed as it stands; exit status 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Where run-time state stands.
enum RuntimeFolder {
    static let path = "/run/aibom"
}
