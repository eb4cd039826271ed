internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Jobs

extension Routes {
    /// The only answer that ever has a token's text in it.
    @Sendable func createToken(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let caller = try context.requireCaller()
        let wanted: TokenRequest
        do {
            wanted = try TokenRequest(json: try await Routes.document(request))
        } catch let violation as Violation {
            throw ServiceError.invalid(violation)
        }
        let token = try await service.createToken(wanted, by: caller.owner)
        return Response(.created, json: token.json, headers: [.cacheControl: "no-store"])
    }

    @Sendable func listTokens(_ request: Request, _ context: ServiceContext) async throws -> Response {
        Response(json: ["tokens": .array(try await service.tokens().map(\.json))])
    }

    @Sendable func revokeToken(_ request: Request, _ context: ServiceContext) async throws -> Response {
        guard let id = context.parameters.get("id").flatMap(TokenID.init) else {
            throw ServiceError.notFound(kind: "token")
        }
        return Response(json: try await service.revokeToken(id).json)
    }
}
