internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Jobs
internal import NIOCore

extension Routes {
    /// Room for eleven texts at their longest and every character escaped; a request is no place for data.
    private static let requestLimits = JSON.Limits(bytes: 256 << 10, depth: 8, values: 1000)

    /// 202 with the job and where to ask for it. Sent again with the same key, the answer names the same job.
    @Sendable func submit(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let caller = try context.requireCaller()
        try limiter.admitSubmission(of: caller)
        do {
            let job = try await accept(request, of: caller)
            return Response(.accepted, json: job.json, headers: [.location: "/v1/jobs/\(job.id)"])
        } catch let error as ServiceError where error.status < 500 {
            await service.noteRefusal(error)
            throw error
        }
    }

    private func accept(_ request: Request, of caller: Caller) async throws -> Job {
        let key = try Routes.idempotencyKey(request)
        let parcel = try await Routes.parcel(request)
        do throws(Violation) { try parcel.request.checkPriority(isOperator: caller.isOperator) } catch {
            throw ServiceError.invalid(error)
        }
        if !parcel.files.isEmpty { try await store(parcel.files, of: caller) }
        return try await service.submit(parcel.request, owner: caller.owner, key: key)
    }

    /// What came along is held to the limits of an upload.
    private func store(_ files: [JobParcel.File], of caller: Caller) async throws {
        try limiter.beginUpload(of: caller)
        defer { limiter.endUpload(of: caller) }
        for file in files {
            limiter.charge(file.bytes.count, to: caller)
            let blob = try await service.upload(ByteStream(file.bytes))
            service.metrics.uploaded(bytes: blob.size)
            guard blob.digest == file.input.digest else {
                throw ServiceError.invalid(
                    Violation(
                        "inputs.\(file.input.role).sha256", "is not the digest of the bytes that came along",
                        remedy: "send the bytes in the order model, dataset, definition, and the digest of each"))
            }
        }
    }

    private static func parcel(_ request: Request) async throws -> JobParcel {
        do {
            guard mediaType(request) == JobParcel.mediaType[...] else {
                return JobParcel(try JobRequest(json: try await document(request)))
            }
            let body = try await body(request, limit: requestLimits.bytes + JobParcel.maximumBytes)
            return try JobParcel(body: body, limits: requestLimits)
        } catch let violation as Violation {
            throw ServiceError.invalid(violation)
        } catch let error as JSONError {
            throw malformed(error)
        }
    }

    /// The one JSON document that the body is.
    static func document(_ request: Request) async throws -> JSON {
        guard mediaType(request) == "application/json" else {
            throw ServiceError.unsupportedMediaType(expected: "application/json")
        }
        let body = try await body(request, limit: requestLimits.bytes)
        do throws(JSONError) { return try JSON.parse(body, limits: requestLimits) } catch { throw malformed(error) }
    }

    private static func mediaType(_ request: Request) -> Substring? {
        request.headers[.contentType]?.split(separator: ";").first
    }

    private static func body(_ request: Request, limit: Int) async throws -> [UInt8] {
        do {
            return Array(try await request.body.collect(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw ServiceError.tooLarge(limit: UInt64(limit))
        }
    }

    private static func malformed(_ error: JSONError) -> ServiceError {
        .malformed("\(error)", remedy: "send one JSON object")
    }

    /// `Idempotency-Key: "text"`, a string of RFC 8941 as the draft has it; a bare text is taken too.
    static func idempotencyKey(_ request: Request) throws(ServiceError) -> String? {
        guard let value = request.headers[.idempotencyKey] else { return nil }
        var key = value[...]
        if key.count >= 2, key.first == "\"", key.last == "\"" { key = key.dropFirst().dropLast() }
        let isPlain = key.utf8.allSatisfy { (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "\"") }
        guard (1...255).contains(key.utf8.count), isPlain else {
            throw .malformedField(
                Violation(
                    "Idempotency-Key", "is not a quoted text of 1 to 255 characters", limit: 255,
                    remedy: "send Idempotency-Key: \"…\", such as a UUID in quotes"))
        }
        return String(key)
    }
}
