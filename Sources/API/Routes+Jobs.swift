internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Jobs
internal import NIOCore

extension Routes {
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
