package import JSON
package import Measure

/// The public name of a token: 16 hexadecimal digits.
package struct TokenID: Sendable, Hashable, CustomStringConvertible {
    package static let bytes = 8

    package let description: String

    /// - Parameter random: 8 bytes, so that the ids of years don't meet.
    package init(random: [UInt8]) {
        precondition(random.count == TokenID.bytes, "a token's id has 64 bits")
        let number = random.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let digits = String(number, radix: 16)
        description = String(repeating: "0", count: 2 * TokenID.bytes - digits.count) + digits
    }

    /// Reads the one spelling that `description` writes.
    package init?(_ text: String) {
        let isDigits = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard text.utf8.count == 2 * TokenID.bytes, isDigits else { return nil }
        description = text
    }
}

/// A token as it is kept and listed; what its holder sends is not in it.
package struct AccessToken: Sendable, Equatable {
    package let id: TokenID
    package let owner: String
    package let role: Role
    /// The owner who had it made: after a token was stolen, this tells what was made with it.
    package let maker: String
    package let created: Instant
    /// Nil: it does not expire.
    package let expires: Instant?
    /// To the minute.
    package var lastUsed: Instant?
    package var revoked: Instant?

    package init(
        id: TokenID, owner: String, role: Role, maker: String, created: Instant, expires: Instant?,
        lastUsed: Instant? = nil,
        revoked: Instant? = nil
    ) {
        self.id = id
        self.owner = owner
        self.role = role
        self.maker = maker
        self.created = created
        self.expires = expires
        self.lastUsed = lastUsed
        self.revoked = revoked
    }

    package func isLive(at now: Instant) -> Bool { revoked == nil && expires.map { now < $0 } ?? true }
}

extension AccessToken {
    package var json: JSON {
        func time(_ instant: Instant?) -> JSON { instant.map { .string($0.description) } ?? .null }
        return [
            "id": .string(id.description), "owner": .string(owner), "role": .string(role.rawValue),
            "made_by": .string(maker), "created": time(created), "expires": time(expires), "last_used": time(lastUsed),
            "revoked": time(revoked),
        ]
    }

    /// Reads what `json` writes; nil for anything else.
    package init?(json: JSON) {
        guard let id = json["id"]?.stringValue.flatMap(TokenID.init), let owner = json["owner"]?.stringValue,
            let role = json["role"]?.stringValue.flatMap(Role.init), let maker = json["made_by"]?.stringValue,
            let created = json["created"]?.stringValue.flatMap(Instant.init)
        else { return nil }
        var times: [String: Instant] = [:]
        for name in ["expires", "last_used", "revoked"] {
            guard let value = json[name], value == .null || value.stringValue.flatMap(Instant.init) != nil else {
                return nil
            }
            times[name] = value.stringValue.flatMap(Instant.init)
        }
        self.init(
            id: id, owner: owner, role: role, maker: maker, created: created, expires: times["expires"],
            lastUsed: times["last_used"], revoked: times["revoked"])
    }
}

/// A token and, this once, its text.
package struct NewToken: Sendable {
    package let token: AccessToken
    package let text: TokenText

    package init(token: AccessToken, text: TokenText) {
        self.token = token
        self.text = text
    }

    package var json: JSON {
        var object = token.json.objectValue ?? JSONObject()
        object["token"] = .string(text.revealed)
        return .object(object)
    }

    package init?(json: JSON) {
        guard let token = AccessToken(json: json), let text = json["token"]?.stringValue.flatMap(TokenText.init) else {
            return nil
        }
        self.init(token: token, text: text)
    }
}
