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
        let submission = try await Routes.jobRequest(request)
        do throws(Violation) { try submission.checkPriority(isOperator: caller.isOperator) } catch {
            throw ServiceError.invalid(error)
        }
        return try await service.submit(submission, owner: caller.owner, key: key)
    }

    @Sendable func showJob(_ request: Request, _ context: ServiceContext) async throws -> Response {
        Response(json: try await visibleJob(context).json)
    }

    @Sendable func cancelJob(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let job = try await visibleJob(context)
        return Response(.accepted, json: try await service.cancel(job.id).json)
    }

    /// The job with `inputs_deleted_at`; its evidence stays.
    @Sendable func deleteInputs(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let job = try await visibleJob(context)
        return Response(json: try await service.deleteInputs(of: job.id).json)
    }

    private static func jobRequest(_ request: Request) async throws -> JobRequest {
        do {
            return try JobRequest(json: try await document(request))
        } catch let violation as Violation {
            throw ServiceError.invalid(violation)
        }
    }

    /// The one JSON document that the body is.
    static func document(_ request: Request) async throws -> JSON {
        guard let type = request.headers[.contentType], type.split(separator: ";").first == "application/json" else {
            throw ServiceError.unsupportedMediaType(expected: "application/json")
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: requestLimits.bytes)
        } catch is NIOTooManyBytesError {
            throw ServiceError.tooLarge(limit: UInt64(requestLimits.bytes))
        }
        do {
            return try JSON.parse(Array(body.readableBytesView), limits: requestLimits)
        } catch {
            throw ServiceError.malformed("\(error)", remedy: "send one JSON object")
        }
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

    /// A whole number of the query; nil when it is not there.
    static func number(
        _ request: Request, _ name: String, in range: ClosedRange<UInt64>
    ) throws(ServiceError) -> UInt64? {
        guard let text = request.uri.queryParameters[Substring(name)] else { return nil }
        guard let number = number(text, in: range) else {
            throw .malformedField(
                Violation(
                    name, "is not a whole number from \(range.lowerBound) to \(range.upperBound)",
                    limit: .array([
                        .integer(Int64(clamping: range.lowerBound)), .integer(Int64(clamping: range.upperBound)),
                    ]),
                    remedy: "send digits only"))
        }
        return number
    }

    /// A number in its one spelling: Swift would also read `+5` and `007`.
    static func number(_ text: Substring, in range: ClosedRange<UInt64>) -> UInt64? {
        guard let number = UInt64(text), String(number) == text, range.contains(number) else { return nil }
        return number
    }
}
