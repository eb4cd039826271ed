package import Jobs
internal import Linux
package import Measure
internal import Synchronization

/// The tokens that may be used now, in memory, over the durable list of all that were made.
///
/// A token is found by its SHA-256. The time that takes may say something about digests that are kept, and that helps nobody: who
/// doesn't know a token can't choose the digest of a guess, so there is no byte to work forward from (a comparison of texts would
/// have one). A wrong guess costs a hash and no reading of the disk.
package final class TokenRegister: Sendable {
    /// Tokens that may be used at the same time; each takes some hundred bytes here.
    package static let usualLimit = 10_000
    private static let usePrecision: Int64 = 60_000

    private struct Live {
        var byDigest: [Digest: AccessToken] = [:]
        var digests: [TokenID: Digest] = [:]

        mutating func remove(_ id: TokenID) { digests.removeValue(forKey: id).map { byDigest[$0] = nil } }
    }

    private let store: JobStore
    private let limit: Int
    private let live = Mutex(Live())
    /// Held while a token is made or revoked, so that what is on the disk and what is here change together.
    private let changing = Mutex(())

    package init(
        _ store: JobStore, limit: Int = TokenRegister.usualLimit, at now: Instant = .now()
    ) throws(StoreError) {
        self.store = store
        self.limit = limit
        for (token, digest) in try store.tokens() where token.isLive(at: now) { keep(token, digest) }
    }

    /// Makes a token; it is durable on return.
    ///
    /// - Parameters:
    ///   - request: checked before.
    ///   - maker: the owner who asked for it.
    ///   - now: the time.
    /// - Throws: `StoreError.tooManyTokens`, or what the disk says.
    /// - Returns: the token with its text, which is not kept anywhere.
    package func create(_ request: TokenRequest, by maker: String, at now: Instant = .now()) throws(StoreError)
        -> NewToken
    {
        let (text, id): (TokenText, TokenID)
        do throws(LinuxError) {
            text = TokenText(secret: try Random.bytes(TokenText.secretBytes))
            id = TokenID(random: try Random.bytes(TokenID.bytes))
        } catch {
            throw .system(error)
        }
        let token = AccessToken(
            id: id, owner: request.owner, role: request.role, maker: maker, created: now, expires: request.expires)
        try changing.withLock { _ throws(StoreError) in
            guard forgetEnded(at: now) < limit else { throw .tooManyTokens(limit) }
            try store.insert(token, text.digest)
            keep(token, text.digest)
        }
        return NewToken(token: token, text: text)
    }

    /// How long the first token is good for: time enough to make others with it, and not much for one that stands in a log.
    package static let firstLifetime: Int64 = 7 * 86_400_000

    /// A token for the first operator of a service that nobody has set up yet.
    ///
    /// - Parameter now: the time.
    /// - Throws: what the disk says.
    /// - Returns: nil when any token was ever made, also one that has ended.
    package func first(at now: Instant = .now()) throws(StoreError) -> NewToken? {
        guard try store.tokens().isEmpty else { return nil }
        let end = Instant(milliseconds: now.milliseconds + TokenRegister.firstLifetime)
        return try create(TokenRequest(owner: "operator", role: .operator, expires: end), by: "aibomd", at: now)
    }

    /// The token with this text; nil when there is none, and when it is expired or revoked.
    package func token(_ text: TokenText, at now: Instant = .now()) -> AccessToken? {
        let digest = text.digest
        let (token, isFresh) = live.withLock { live -> (AccessToken?, Bool) in
            guard let token = live.byDigest[digest], token.isLive(at: now) else { return (nil, false) }
            let last = token.lastUsed?.milliseconds ?? .min
            guard last <= now.milliseconds - TokenRegister.usePrecision else { return (token, false) }
            live.byDigest[digest]?.lastUsed = now
            return (token, true)
        }
        // When it can't be written, on a full disk for one, the token works all the same: the time is for people to read.
        if let token, isFresh { try? store.markUsed(token.id, at: now) }
        return token
    }

    /// Whether what was let in with the token may go on.
    package func isLive(_ id: TokenID, at now: Instant = .now()) -> Bool {
        live.withLock { live in live.digests[id].flatMap { live.byDigest[$0] }?.isLive(at: now) ?? false }
    }

    /// Ends a token: from the moment of the call it lets nobody in, and durably so on return.
    ///
    /// - Parameters:
    ///   - id: the token.
    ///   - now: the time.
    /// - Throws: `StoreError.noSuchToken`, or what the disk says: the token then works no more until the service's next start,
    ///   and has to be revoked again for good.
    /// - Returns: the token.
    @discardableResult
    package func revoke(_ id: TokenID, at now: Instant = .now()) throws(StoreError) -> AccessToken {
        try changing.withLock { _ throws(StoreError) in
            live.withLock { $0.remove(id) }
            return try store.markRevoked(id, at: now)
        }
    }

    /// All that were ever made, the oldest first.
    package func list() throws(StoreError) -> [AccessToken] { try store.tokens().map(\.token) }

    private func keep(_ token: AccessToken, _ digest: Digest) {
        live.withLock { live in
            live.byDigest[digest] = token
            live.digests[token.id] = digest
        }
    }

    /// - Returns: how many are left.
    private func forgetEnded(at now: Instant) -> Int {
        live.withLock { live in
            for token in live.byDigest.values where !token.isLive(at: now) { live.remove(token.id) }
            return live.byDigest.count
        }
    }
}
