package import Jobs

/// Looks at an upload as it passes, so that its sender learns of a mistake before the queue.
///
/// No verdict about safety: whatever passes is opened in a job's sandbox only, and checked there again, more deeply.
/// Memory is bounded by the check's limits, whatever the upload's size.
package protocol InputCheck: Sendable {
    associatedtype Finding: Sendable

    /// Takes the next bytes.
    ///
    /// - Throws: a `Violation` as soon as a mistake is certain; the check is of no use after it.
    mutating func take(_ piece: RawSpan) throws(Violation)

    /// To be called behind the last byte.
    ///
    /// - Throws: a `Violation` for what only the whole shows.
    /// - Returns: what other checks need to know of it.
    mutating func finish() throws(Violation) -> Finding
}

/// A sender's word as it stands in an error: short, printable, in quotes.
func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(64).map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: "\u{fffd}"
        default: String(Character(scalar))
        }
    }
    return "'\(shown.joined())\(text.unicodeScalars.count > 64 ? "…" : "")'"
}

/// Bytes that should have been text.
func quoted(_ bytes: some Collection<UInt8>) -> String { quoted(String(decoding: bytes.prefix(256), as: UTF8.self)) }
