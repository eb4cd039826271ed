internal import Foundation
internal import Hummingbird
internal import JSON
internal import Jobs

extension Routes {
    /// A URL that reads this one artifact without another identity, for whoever may read it now.
    ///
    /// It changes nothing and gives out no more than the bytes that its maker can read and hand on, so auditors may ask too.
    @Sendable func makeLink(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let job = try await visibleJob(context)
        let name = context.parameters.get("name")?.removingPercentEncoding
        guard let artifact = try await service.artifacts(of: job.id).first(where: { $0.name == name }) else {
            throw ServiceError.notFound(kind: "artifact")
        }
        let link = service.linkKey.link(to: artifact.name, of: job.id)
        return Response(.created, json: link.json, headers: [.cacheControl: "no-store"])
    }
}
