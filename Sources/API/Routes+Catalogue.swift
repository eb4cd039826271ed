internal import Hummingbird
internal import JSON
internal import Jobs
internal import NIOCore

extension Routes {
    @Sendable func listRootfs(_ request: Request, _ context: ServiceContext) async throws -> Response {
        Response(json: ["rootfs": .array(try await service.rootfs().map(\.json))])
    }

    @Sendable func listPolicies(_ request: Request, _ context: ServiceContext) async throws -> Response {
        Response(json: ["policies": .array(try await service.policies().map(\.json))])
    }

    @Sendable func listKeys(_ request: Request, _ context: ServiceContext) async throws -> Response {
        Response(json: ["keys": .array(try await service.keys().map(\.json))])
    }

    /// To the byte: each line is signed.
    @Sendable func readKeyHistory(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let bytes = try await service.keyHistory()
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// That this answers is the answer.
    @Sendable func health(_ request: Request, _ context: ServiceContext) async throws -> Response {
        Response(json: ["status": "alive"])
    }

    @Sendable func readiness(_ request: Request, _ context: ServiceContext) async throws -> Response {
        try await service.requireReady()
        return Response(json: ["status": "ready"])
    }
}
