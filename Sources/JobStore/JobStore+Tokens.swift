internal import GRDB
internal import Jobs
internal import Measure

/// The rows of tokens. A token that ended stays as a record; its digest with it, so that no other can take its place.
extension JobStore {
    func insert(_ token: AccessToken, _ digest: Digest) throws(StoreError) {
        try write("record token") { database in
            try database.execute(
                sql:
                    "INSERT INTO tokens (id, digest, owner, role, made_by, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    token.id.description, digest.data, token.owner, token.role.rawValue, token.maker,
                    token.created.milliseconds,
                    token.expires?.milliseconds,
                ])
        }
    }

    /// All that were ever made, the oldest first.
    func tokens() throws(StoreError) -> [(token: AccessToken, digest: Digest)] {
        try read("list tokens") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM tokens ORDER BY created, id").map {
                (try $0.token(), try $0.digest("digest"))
            }
        }
    }

    /// Ends a token; one that was revoked before keeps its time.
    ///
    /// - Throws: `StoreError.noSuchToken`.
    func markRevoked(_ id: TokenID, at time: Instant) throws(StoreError) -> AccessToken {
        try write("revoke token") { database in
            try database.execute(
                sql: "UPDATE tokens SET revoked = coalesce(revoked, ?) WHERE id = ?",
                arguments: [time.milliseconds, id.description])
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM tokens WHERE id = ?", arguments: [id.description])
            else { throw StoreError.noSuchToken(id) }
            return try row.token()
        }
    }

    func markUsed(_ id: TokenID, at time: Instant) throws(StoreError) {
        try write("record use of token") { database in
            try database.execute(
                sql: "UPDATE tokens SET last_used = ? WHERE id = ?", arguments: [time.milliseconds, id.description])
        }
    }
}

extension Row {
    fileprivate func token() throws -> AccessToken {
        func time(_ column: String) -> Instant? {
            let milliseconds: Int64? = self[column]
            return milliseconds.map(Instant.init(milliseconds:))
        }
        guard let created = time("created") else { throw StoreError.unreadable("created") }
        return AccessToken(
            id: try value("id", TokenID.init), owner: self["owner"], role: try value("role", Role.init),
            maker: self["made_by"], created: created, expires: time("expires"), lastUsed: time("last_used"),
            revoked: time("revoked"))
    }
}
