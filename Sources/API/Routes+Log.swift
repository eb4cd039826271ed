internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Jobs
internal import NIOCore

extension Routes {
    private static let findingLimit = 1000
    /// What every reader of JSON can count to.
    private static let entryLimit: UInt64 = 1 << 53 - 1

    /// The audit log as C2SP tlog-tiles has it, with `/v1/log` as its prefix: any tool for such logs reads it. The tiles of one log never
    /// change, so whoever has one need not ask again; the checkpoint changes all the time.
    @Sendable func readLogFile(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let path = String(request.uri.path.dropFirst("/v1/log/".count))
        let bytes = try await service.logFile(path)
        let isTile = path.hasPrefix("tile/")
        var headers: HTTPFields = [
            .contentType: isTile ? "application/octet-stream" : "text/plain; charset=utf-8",
            .cacheControl: isTile ? "private, immutable, max-age=604800" : "no-store",
        ]
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// An auditor's word that it has looked, which stands in the log itself.
    @Sendable func reviewLog(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let caller = try context.requireCaller()
        let json = try await Routes.document(request)
        for name in json.objectValue?.keys ?? [] where !["through", "finding"].contains(name) {
            throw ServiceError.invalid(.unknown(name, in: "", known: ["finding", "through"]))
        }
        // A whole number is whole in any spelling (JSON Schema, section 6.1.1): 8.0 is 8.
        let number = json["through"].flatMap { $0.integerValue ?? $0.doubleValue.flatMap { Int64(exactly: $0) } }
        guard let number, let through = UInt64(exactly: number), through <= Self.entryLimit else {
            throw ServiceError.invalid(
                Violation("through", "is no whole number", remedy: "give how many entries you have seen"))
        }
        guard let finding = json["finding"]?.stringValue, (1...Self.findingLimit).contains(finding.unicodeScalars.count)
        else {
            throw ServiceError.invalid(
                Violation(
                    "finding", "is no text of 1 to \(Self.findingLimit) characters",
                    limit: .integer(Int64(Self.findingLimit)), remedy: "say in a sentence what you found"))
        }
        let index = try await service.review(through: through, finding: finding, by: caller)
        return Response(.created, json: ["index": .integer(Int64(clamping: index))])
    }
}
