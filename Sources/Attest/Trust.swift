internal import JSON

/// Who stands behind a fact.
package enum Trust: String, Sendable, CaseIterable {
    /// Measured by the supervisor, from outside the job.
    case observed
    /// Follows from what was observed.
    case computed
    /// Said by the job, which may lie.
    case reported
    /// Said by the submitter.
    case declared
    /// Asked for and not known.
    case unknown
    /// Known and not given out.
    case withheld
}

/// The properties of one part of the document, each with its trust in its name: `aibomgen:<trust>:<name>`.
struct Properties {
    static let namespace = "aibomgen:"

    private(set) var elements: [JSON] = []
    /// The facts so far by their names without the trust; of two, the first.
    private var stated: [String: String] = [:]

    mutating func add(_ trust: Trust, _ name: String, _ value: String) {
        elements.append(["name": "\(Self.namespace)\(trust.rawValue):\(name)", "value": .string(value)])
        if stated[name] == nil { stated[name] = value }
    }

    /// A fact, or, when it is nil, that it is not known: a property of that name without a value.
    mutating func add(_ trust: Trust, _ name: String, ifKnown value: String?) {
        guard let value else {
            elements.append(["name": "\(Self.namespace)\(Trust.unknown.rawValue):\(name)"])
            return
        }
        add(trust, name, value)
    }

    /// That a fact is known and not given out.
    mutating func withhold(_ name: String) {
        elements.append(["name": "\(Self.namespace)\(Trust.withheld.rawValue):\(name)"])
    }

    mutating func add<Number: BinaryInteger>(_ trust: Trust, _ name: String, ifKnown value: Number?) {
        add(trust, name, ifKnown: value.map { "\($0)" })
    }

    /// How much of a component to believe, for readers who look at components one by one, and where that can be checked.
    mutating func mark(_ trust: Trust, evidence: String) {
        elements.append(["name": "\(Self.namespace)trust", "value": .string(trust.rawValue)])
        elements.append(["name": "\(Self.namespace)evidence", "value": .string(evidence)])
    }

    /// A fact a second time, under the name by which other programs look for it; nothing when it is not known, or so long (no form
    /// takes such an answer) that a document of several copies might be too large to sign.
    ///
    /// Such a name has no room for who says so: the fact under our own name stands before it in the same list.
    mutating func restate(_ name: String, as foreign: String) {
        guard let value = stated[name], value.utf8.count <= 16 << 10 else { return }
        elements.append(["name": .string(foreign), "value": .string(value)])
    }
}

extension JSONObject {
    /// Adds a member when there is a value for it.
    mutating func add(_ key: String, _ value: JSON?) {
        self[key] = value
    }

    /// Adds a list when there is anything in it: CycloneDX takes an empty list for a statement that there is nothing.
    mutating func add(_ key: String, ifAny values: [JSON]) {
        if !values.isEmpty { self[key] = .array(values) }
    }
}
