import JSON
import Jobs

extension ServiceClient {
    private static let tokens = "/v1/tokens"

    func createToken(_ request: TokenRequest) async throws(CommandError) -> NewToken {
        try read(NewToken.init(json:), await post(request.json, to: Self.tokens), from: Self.tokens)
    }

    func tokens() async throws(CommandError) -> [AccessToken] {
        try list("tokens", AccessToken.init(json:), await get(Self.tokens), from: Self.tokens)
    }

    func revokeToken(_ id: TokenID) async throws(CommandError) -> AccessToken {
        let path = "\(Self.tokens)/\(id)"
        return try read(AccessToken.init(json:), await delete(path), from: path)
    }
}
