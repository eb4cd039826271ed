package import Linux

/// Why the log can't be read, can't be trusted or can't go on.
package enum LogError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A document that is not in its format; `what` names the document or the file.
    case malformed(String, String)
    case missing(path: String)
    case badSignature(key: String)
    case unknownKey(String)
    case entryTooLarge(Int)
    /// The log that was found is older than one that has been seen.
    case wentBackwards(size: UInt64, seen: UInt64, by: String)
    /// Two roots for one size.
    case inconsistent(size: UInt64, with: String)
    /// Acknowledged entries can't be read back.
    case damaged(String)
    case locked
    case closed
    case signer(String)
    case openssl(stage: String)
    case system(LinuxError)

    /// Whether only the signature failed: it can be asked for again.
    var isOfSigner: Bool {
        switch self {
        case .signer, .openssl: true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .malformed(let what, let reason): "\(what): \(reason)"
        case .missing(let path): "log: \(path) is not there"
        case .badSignature(let key): "note: the signature by \(key) is wrong"
        case .unknownKey(let wanted): "note: not signed by \(wanted)"
        case .entryTooLarge(let size):
            "log entry: \(size) bytes, more than the \(EntryBundle.entryLimit) that an entry may have; log a digest instead"
        case .wentBackwards(let size, let seen, let source):
            "log: has \(size) entries, but \(source) has seen \(seen); an older copy was put in its place: restore the "
                + "newest copy, or begin a log with another name"
        case .inconsistent(let size, let other):
            "log: its first \(size) entries are not those of \(other); it was changed: keep it as evidence and restore a copy"
        case .damaged(let what): "log: \(what); restore a copy"
        case .locked: "log: another process is writing it"
        case .closed: "log: closed"
        case .signer(let reason): "log signer: \(reason)"
        case .openssl(let stage): "openssl: \(stage)"
        case .system(let error): error.description
        }
    }
}

/// Calls `body`, with the kernel's errors as ours.
func system<Answer: ~Copyable>(_ body: () throws(LinuxError) -> Answer) throws(LogError) -> Answer {
    do throws(LinuxError) { return try body() } catch { throw .system(error) }
}
