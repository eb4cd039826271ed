internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Jobs
internal import Measure
internal import NIOCore

extension Routes {
    /// The body as it is, of any size that the service takes; nothing of it is held in memory.
    @Sendable func upload(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let caller = try context.requireCaller()
        try limiter.beginUpload(of: caller)
        defer { limiter.endUpload(of: caller) }
        let body = MeteredBody(base: request.body) { [limiter] in limiter.charge($0, to: caller) }
        let blob = try await service.upload(ByteStream(body))
        return Response(.created, json: blob.json)
    }

    /// Text that a job wrote: never to be read as anything else, whatever it looks like.
    @Sendable func readLog(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let offset = try Routes.number(request, "offset", in: 0...(.max)) ?? 0
        let job = try await visibleJob(context)
        let bytes = try await service.log(of: job.id, from: offset)
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: .ok, headers: headers, body: ResponseBody(asyncSequence: bytes))
    }

    @Sendable func listArtifacts(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let job = try await visibleJob(context)
        let artifacts = try await service.artifacts(of: job.id)
        return Response(
            json: [
                "job_id": .string(job.id.description), "state": .string(job.state.rawValue),
                "artifacts": .array(artifacts.map(\.json)),
            ])
    }

    /// The bytes, with their length and digest (RFC 9530) before them: the reader can check what it got.
    @Sendable func readArtifact(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let job = try await visibleJob(context)
        guard let name = context.parameters.get("name") else { throw ServiceError.notFound(kind: "artifact") }
        let content = try await service.artifact(name, of: job.id)
        let blob = content.artifact.blob
        var headers: HTTPFields = [.contentLength: String(blob.size), .contentType: "application/octet-stream"]
        headers[.xContentTypeOptions] = "nosniff"
        if let field = HTTPField.Name("Repr-Digest") {
            headers[field] = "sha-256=:\(Data(blob.digest.bytes).base64EncodedString()):"
        }
        let body = ResponseBody(contentLength: Int(clamping: blob.size)) { writer in
            try await writer.write(content.bytes)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
