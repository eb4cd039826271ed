package import API
package import Jobs
internal import Measure
internal import Synchronization

/// Tokens in memory, and a key of links that everybody knows.
extension FakeService {
    package func createToken(_ request: TokenRequest, by maker: String) async throws(ServiceError) -> NewToken {
        let count = state.withLock { $0.tokens.count }
        // Equal bytes, so that a test knows them, for as many as bytes can tell apart.
        func bytes(_ length: Int) -> [UInt8] {
            [UInt8(truncatingIfNeeded: count ^ count >> 8)]
                + Array(repeating: UInt8(truncatingIfNeeded: count), count: length - 1)
        }
        let text = TokenText(secret: bytes(TokenText.secretBytes))
        let id = TokenID(random: bytes(TokenID.bytes))
        let token = AccessToken(
            id: id, owner: request.owner, role: request.role, maker: maker, created: Instant(milliseconds: 1),
            expires: request.expires)
        state.withLock { $0.tokens[text.digest] = token }
        return NewToken(token: token, text: text)
    }

    package func tokens() async throws(ServiceError) -> [AccessToken] {
        state.withLock { $0.tokens.values.sorted { $0.id.description < $1.id.description } }
    }

    package func revokeToken(_ id: TokenID) async throws(ServiceError) -> AccessToken {
        let revoked = state.withLock { state -> AccessToken? in
            guard let digest = state.tokens.first(where: { $0.value.id == id })?.key else { return nil }
            state.tokens[digest]?.revoked = Instant(milliseconds: 2)
            return state.tokens[digest]
        }
        guard let revoked else { throw .notFound(kind: "token") }
        return revoked
    }

    package func token(_ text: TokenText) -> AccessToken? {
        state.withLock { $0.unlisted[text.digest] ?? $0.tokens[text.digest] }.flatMap {
            $0.isLive(at: .now()) ? $0 : nil
        }
    }

    package func isLive(_ id: TokenID) -> Bool {
        state.withLock { $0.tokens.values.contains { $0.id == id && $0.isLive(at: .now()) } }
    }

    package var linkKey: LinkKey { LinkKey(secret: Array(repeating: 7, count: LinkKey.length)) }
}
