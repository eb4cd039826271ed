internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Jobs
internal import NIOCore

extension Routes {
    /// The body as it is, of any size that the service takes; nothing of it is held in memory.
    @Sendable func upload(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let caller = try context.requireCaller()
        try limiter.beginUpload(of: caller)
        defer { limiter.endUpload(of: caller) }
        let body = MeteredBody(base: request.body) { [limiter] in limiter.charge($0, to: caller) }
        let blob = try await service.upload(ByteStream(body))
        service.metrics.uploaded(bytes: blob.size)
        return Response(.created, json: blob.json)
    }

    /// Text that a job wrote: never to be read as anything else, whatever it looks like.
    @Sendable func readLog(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let offset = try Routes.number(request, "offset", in: 0...UInt64(Int64.max)) ?? 0
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

    /// The bytes, or the part that was asked for, with the digest of all of them before it (RFC 9530): the reader can check what
    /// it got. What can be answered from the digest alone is answered without opening the file.
    @Sendable func readArtifact(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let job = try await visibleJob(context)
        let name = context.parameters.get("name")?.removingPercentEncoding
        guard let artifact = try await service.artifacts(of: job.id).first(where: { $0.name == name }) else {
            throw ServiceError.notFound(kind: "artifact")
        }
        guard artifact.entityTag.isNamed(inMatch: request.headers[.ifMatch]) else {
            throw ServiceError.preconditionFailed
        }
        if artifact.entityTag.isNamed(inNoneMatch: request.headers[.ifNoneMatch]) {
            return Response(notModified: artifact.fields)
        }
        let isRange = request.method == .get && artifact.entityTag.permitsRange(request.headers[.ifRange])
        switch ByteRange(isRange ? request.headers[.range] : nil, of: artifact.blob.size) {
        case .whole: return try await answer(artifact, of: job.id, 0..<artifact.blob.size, to: request)
        case .part(let part):
            var response = try await answer(artifact, of: job.id, part, to: request)
            response.status = .partialContent
            let bytes = "\(part.lowerBound)-\(part.upperBound - 1)/\(artifact.blob.size)"
            response.headers[.contentRange] = "bytes \(bytes)"
            return response
        case .unsatisfiable: throw ServiceError.rangeNotSatisfiable(size: artifact.blob.size)
        }
    }

    private func answer(
        _ artifact: Artifact, of id: JobID, _ part: Range<UInt64>, to request: Request
    ) async throws -> Response {
        var headers = artifact.fields
        headers[.contentLength] = String(part.count)
        guard request.method == .get else { return Response(status: .ok, headers: headers) }
        let bytes = try await service.artifact(artifact.name, of: id, from: part.lowerBound).bytes
        let body = ResponseBody(contentLength: part.count) { writer in
            try await writer.write(bytes.prefix(bytes: part.count))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}

extension Response {
    /// Says that what the reader has is what is here. It carries no content, and no length of one.
    fileprivate init(notModified fields: HTTPFields) {
        var fields = fields
        fields[.contentType] = nil
        self.init(status: .notModified, headers: fields)
        headers[.contentLength] = nil
    }
}
