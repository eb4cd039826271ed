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
    static func unknown(_ name: String, in group: String, known: [String]) -> Violation {
        let field = group.isEmpty ? quotable(name) : "\(group).\(quotable(name))"
        let list = known.sorted()
        let nearest = list.min { ($0.editDistance(to: name), $0) < ($1.editDistance(to: name), $1) }
        let remedy: String
        if let nearest, nearest.editDistance(to: name) <= max(2, name.count / 3) {
            remedy = "did you mean \(nearest)?"
        } else {
            remedy = list.isEmpty ? "leave it out: none is known here" : "use one of: \(list.joined(separator: ", "))"
        }
        return Violation(field, "is not known", limit: .array(list.map(JSON.string)), remedy: remedy)
    }

    /// A sender's word cut to a length that fits an error.
    static func quotable(_ name: String) -> String { name.count <= 64 ? name : "\(name.prefix(64))…" }
}

extension String {
    /// Levenshtein's distance, of the first 64 characters: what is longer is no slip of the pen.
    func editDistance(to other: String) -> Int {
        let (own, other) = (Array(prefix(64)), Array(other.prefix(64)))
        var row = Array(0...other.count)
        for (index, character) in own.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, candidate) in other.enumerated() {
                let substitution = diagonal + (character == candidate ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(substitution, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
