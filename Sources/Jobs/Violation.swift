package import JSON

/// One thing wrong with a request, said so that its sender can put it right without asking.
package struct Violation: Error, Equatable, Sendable {
    /// Where, as a path of member names: `parameters.epochs`.
    package let field: String
    /// What is wrong, in a sentence of lower case.
    package let reason: String
    /// What would have been right, when that can be stated: a bound, a list of names.
    package let limit: JSON?
    /// What to do.
    package let remedy: String

    package init(_ field: String, _ reason: String, limit: JSON? = nil, remedy: String) {
        self.field = field
        self.reason = reason
        self.limit = limit
        self.remedy = remedy
    }

    /// A name that is not in `known`; the remedy names the nearest one when the difference looks like a slip.
    package static func unknown(_ name: String, in group: String, known: [String]) -> Violation {
        let field = group.isEmpty ? quotable(name) : "\(group).\(quotable(name))"
        let list = known.sorted()
        let remedy: String
        if let nearest = list.nearest(to: name) {
            remedy = "did you mean \(nearest)?"
        } else {
            remedy = list.isEmpty ? "leave it out: none is known here" : "use one of: \(list.joined(separator: ", "))"
        }
        return Violation(field, "is not known", limit: .array(list.map(JSON.string)), remedy: remedy)
    }

    /// A sender's word cut to a length that fits an error.
    package static func quotable(_ name: String) -> String { name.count <= 64 ? name : "\(name.prefix(64))…" }
}
