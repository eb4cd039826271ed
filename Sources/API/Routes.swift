package import Hummingbird
internal import Jobs

/// The HTTP face of a `JobService`: one table, so that what can be asked is seen on one page.
package struct Routes: Sendable {
    let service: any JobService
    let limiter: RateLimiter

    /// - Parameters:
    ///   - service: answers.
    ///   - identity: how a connection's other end is known; `.socket` outside of tests.
    ///   - admitted: the local users that may talk.
    ///   - gateway: who speaks for others.
    ///   - limiter: holds owners to their limits.
    /// - Returns: a router with everything in place.
    package static func router(
        for service: any JobService, identity: PeerIdentity = .socket, admitting admitted: Set<UInt32> = [0],
        gateway: Gateway? = nil, limiter: RateLimiter = RateLimiter(RateLimits())
    ) -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self)
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: PeerMiddleware(identity: identity, admitted: admitted, gateway: gateway))
        router.add(middleware: BlockingMiddleware())
        router.add(middleware: CallerMiddleware(service: service, limiter: limiter))
        Routes(service: service, limiter: limiter).add(to: router)
        return router
    }

    private func add(to router: Router<ServiceContext>) {
        router.post("/v1/blobs", use: upload)
        router.post("/v1/jobs", use: submit)
        router.get("/v1/jobs", use: listJobs)
        router.get("/v1/jobs/:id", use: showJob)
        router.delete("/v1/jobs/:id", use: cancelJob)
        router.delete("/v1/jobs/:id/inputs", use: deleteInputs)
        router.get("/v1/jobs/:id/events", use: followEvents)
        router.get("/v1/jobs/:id/logs", use: readLog)
        router.get("/v1/jobs/:id/artifacts", use: listArtifacts)
        router.get("/v1/jobs/:id/artifacts/:name", use: readArtifact)
        router.post("/v1/jobs/:id/artifacts/:name/link", use: makeLink)
        router.post("/v1/tokens", use: createToken)
        router.get("/v1/tokens", use: listTokens)
        router.delete("/v1/tokens/:id", use: revokeToken)
        router.get("/v1/rootfs", use: listRootfs)
        router.get("/v1/policies", use: listPolicies)
        router.get("/v1/keys", use: listKeys)
        router.get("/healthz", use: health)
        router.get("/readyz", use: readiness)
    }

    /// The job that the path names, when the caller may see it. Somebody else's job is not there: an answer of "forbidden"
    /// would tell that it is.
    func visibleJob(_ context: ServiceContext) async throws(ServiceError) -> Job {
        guard let id = context.parameters.get("id").flatMap(JobID.init) else { throw .notFound(kind: "job") }
        let job = try await service.job(id)
        guard try context.requireCaller().maySee(job) else { throw .notFound(kind: "job") }
        return job
    }
}
