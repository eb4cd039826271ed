package import Jobs

/// Who may come in beside local users: the tokens there are, and the key of links. The supervisor answers.
package protocol AccessService: Sendable {
    /// Makes a token; it is durable on return. `maker` is the owner who asked for it, for the record.
    func createToken(_ request: TokenRequest, by maker: String) async throws(ServiceError) -> NewToken

    /// All that were ever made, the oldest first.
    func tokens() async throws(ServiceError) -> [AccessToken]

    /// Ends a token: from the call on it lets nobody in.
    func revokeToken(_ id: TokenID) async throws(ServiceError) -> AccessToken

    /// The token with this text, when it may be used now. Asked for every request: it must cost next to nothing.
    func token(_ text: TokenText) -> AccessToken?

    /// Whether what was let in with the token may go on.
    func isLive(_ id: TokenID) -> Bool

    var linkKey: LinkKey { get }
}
