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

    mutating func add(_ trust: Trust, _ name: String, _ value: String) {
        elements.append(["name": "\(Self.namespace)\(trust.rawValue):\(name)", "value": .string(value)])
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

    /// How much of a component to believe, for readers who look at components one by one.
    mutating func mark(_ trust: Trust) {
        elements.append(["name": "\(Self.namespace)trust", "value": .string(trust.rawValue)])
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
