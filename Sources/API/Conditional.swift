/// A strong entity tag: the digest of the bytes says all there is to say.
package struct EntityTag: Equatable, Sendable, CustomStringConvertible {
    /// Without its quotes.
    private let opaque: String

    package init(_ opaque: String) { self.opaque = opaque }

    package var description: String { "\"\(opaque)\"" }

    /// Whether an `If-None-Match` names this; weakly, so that `W/` makes no difference (RFC 9110, section 13.1.2).
    package func isNamed(inNoneMatch field: String?) -> Bool { isNamed(in: field, weakly: true) }

    /// Whether an `If-Match` names this; strongly (section 13.1.1). No field asks for nothing.
    package func isNamed(inMatch field: String?) -> Bool { field == nil || isNamed(in: field, weakly: false) }

    /// Whether a range may be answered as such: there is no `If-Range`, or it is exactly this tag (section 13.1.5). A date never
    /// is, because we give none out.
    package func permitsRange(_ field: String?) -> Bool { field == nil || field == description }

    private func isNamed(in field: String?, weakly: Bool) -> Bool {
        guard let field else { return false }
        if field[...].trimmingSpace == "*" { return true }
        return EntityTag.list(field).contains { $0.opaque == opaque && (weakly || !$0.isWeak) }
    }

    /// The tags of a list up to its first fault. A tag may hold commas, so this reads quotes, not commas.
    private static func list(_ field: String) -> [(opaque: Substring, isWeak: Bool)] {
        var tags: [(opaque: Substring, isWeak: Bool)] = []
        var rest = field[...]
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
            let isWeak = rest.hasPrefix("W/")
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.first == "\"" else { return tags }
            rest = rest.dropFirst()
            guard let end = rest.firstIndex(of: "\"") else { return tags }
            tags.append((rest[..<end], isWeak))
            rest = rest[end...].dropFirst()
        }
    }
}
