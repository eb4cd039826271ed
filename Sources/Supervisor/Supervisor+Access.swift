package import API
internal import JobStore
package import Jobs
internal import Logging
internal import Measure

/// Tokens and the key of links: what lets those in whom the kernel does not name.
extension Supervisor {
    package func createToken(_ request: TokenRequest, by maker: String) async throws(ServiceError) -> NewToken {
        let new: NewToken
        do throws(StoreError) { new = try installation.tokens.create(request, by: maker) } catch {
            throw serviceError(error)
        }
        try noteToken(new.token, "made")
        log.notice(
            "token made", metadata: ["id": "\(new.token.id)", "owner": "\(new.token.owner)", "by": "\(maker)"])
        return new
    }

    package func tokens() async throws(ServiceError) -> [AccessToken] {
        do throws(StoreError) { return try installation.tokens.list() } catch { throw serviceError(error) }
    }

    package func revokeToken(_ id: TokenID) async throws(ServiceError) -> AccessToken {
        let token: AccessToken
        do throws(StoreError) { token = try installation.tokens.revoke(id) } catch { throw serviceError(error) }
        try noteToken(token, "revoked")
        log.notice("token revoked", metadata: ["id": "\(id)", "owner": "\(token.owner)"])
        return token
    }

    package func token(_ text: TokenText) -> AccessToken? { installation.tokens.token(text) }

    package func isLive(_ id: TokenID) -> Bool { installation.tokens.isLive(id) }

    package var linkKey: LinkKey { installation.linkKey }

    /// An operator's token for a service that nobody has set up yet, to be shown once to whoever started it and to no log.
    ///
    /// - Returns: its text; nil when any token was ever made, also one that has ended.
    /// - Throws: `SupervisorError.store`.
    package func firstToken() throws(SupervisorError) -> String? {
        do throws(StoreError) { return try installation.tokens.first()?.text.revealed } catch { throw .store(error) }
    }
}
