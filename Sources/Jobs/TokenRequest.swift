package import JSON
package import Measure

/// A token that an operator asks for.
package struct TokenRequest: Sendable, Equatable {
    package let owner: String
    package let role: Role
    /// Nil: it does not expire, which has to be said.
    package let expires: Instant?

    package init(owner: String, role: Role, expires: Instant?) {
        self.owner = owner
        self.role = role
        self.expires = expires
    }

    package var json: JSON {
        [
            "owner": .string(owner), "role": .string(role.rawValue),
            "expires": expires.map { .string($0.description) } ?? .null,
        ]
    }

    /// Reads `{"owner":…,"role":…,"expires":…}`.
    ///
    /// - Parameters:
    ///   - json: what came.
    ///   - now: the end has to lie behind it.
    /// - Throws: the first `Violation`.
    package init(json: JSON, at now: Instant = .now()) throws(Violation) {
        guard let object = json.objectValue else {
            throw Violation("", "the request is not an object", remedy: "send a JSON object")
        }
        let known = ["owner", "role", "expires"]
        for member in object.members where !known.contains(member.key) {
            throw .unknown(member.key, in: "", known: known)
        }
        guard let owner = object["owner"]?.stringValue else {
            throw Violation("owner", "is missing or no text", remedy: "name whose jobs the token's jobs are")
        }
        try OwnerName.checkGiven(owner, field: "owner")
        let roles = Role.allCases.map(\.rawValue)
        guard let role = object["role"]?.stringValue.flatMap(Role.init) else {
            throw Violation(
                "role", "is not a role", limit: .array(roles.map(JSON.string)),
                remedy: "use one of: \(roles.joined(separator: ", "))")
        }
        self.init(owner: owner, role: role, expires: try Self.end(object["expires"], after: now))
    }

    private static func end(_ value: JSON?, after now: Instant) throws(Violation) -> Instant? {
        if value == .null { return nil }
        guard let time = value?.stringValue.flatMap(Instant.inUTC) else {
            throw Violation(
                "expires", "is not a time in UTC", limit: "2027-01-31T00:00:00Z",
                remedy: "send an RFC 3339 time that ends in Z, or null for a token that does not expire")
        }
        guard time > now else {
            throw Violation(
                "expires", "lies in the past", limit: .string(now.description), remedy: "send a time to come")
        }
        return time
    }
}

extension Instant {
    /// Reads an RFC 3339 time in UTC as people write it: with three digits of fraction or without any.
    package static func inUTC(_ text: String) -> Instant? {
        let isWhole = text.utf8.count == 20 && text.hasSuffix("Z")
        return Instant(isWhole ? text.dropLast() + ".000Z" : text)
    }
}
