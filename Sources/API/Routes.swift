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
        router.add(middleware: ObservingMiddleware(metrics: service.metrics))
        router.add(middleware: ProblemMiddleware(table: table(of: service)))
        router.add(middleware: PeerMiddleware(identity: identity, admitted: admitted, gateway: gateway))
        router.add(middleware: BlockingMiddleware())
        router.add(middleware: CallerMiddleware(service: service, limiter: limiter))
        router.add(middleware: QueryMiddleware())
        Routes(service: service, limiter: limiter).add(to: router)
        return router
    }

    /// Every route with its methods.
    package static func table(of service: any JobService) -> RouteTable {
        let router = Router(context: ServiceContext.self)
        Routes(service: service, limiter: RateLimiter(.off)).add(to: router)
        return RouteTable(of: router)
    }

    private func add(to router: Router<ServiceContext>) {
        router.post("/v1/blobs", use: upload)
        router.post("/v1/jobs", use: submit)
        router.read("/v1/jobs", use: listJobs)
        router.read("/v1/jobs/:id", use: showJob)
        router.post("/v1/jobs/:id/cancel", use: cancelJob)
        router.delete("/v1/jobs/:id/inputs", use: deleteInputs)
        router.read("/v1/jobs/:id/events", use: followEvents)
        router.read("/v1/jobs/:id/logs", use: readLog)
        router.read("/v1/jobs/:id/artifacts", use: listArtifacts)
        router.read("/v1/jobs/:id/artifacts/:name", use: readArtifact)
        router.post("/v1/jobs/:id/artifacts/:name/link", use: makeLink)
        router.read("/v1/log/checkpoint", use: readLogFile)
        router.read("/v1/log/checkpoints", use: readLogFile)
        router.read("/v1/log/tile/:level/:first", use: readLogFile)
        router.read("/v1/log/tile/:level/:first/:second", use: readLogFile)
        router.read("/v1/log/tile/:level/:first/:second/:third", use: readLogFile)
        router.read("/v1/log/tile/:level/:first/:second/:third/:fourth", use: readLogFile)
        router.post("/v1/log/reviews", use: reviewLog)
        router.post("/v1/witness/add-checkpoint", use: addCheckpoint)
        router.post("/v1/tokens", use: createToken)
        router.read("/v1/tokens", use: listTokens)
        router.delete("/v1/tokens/:id", use: revokeToken)
        router.read("/v1/rootfs", use: listRootfs)
        router.read("/v1/policies", use: listPolicies)
        router.read("/v1/keys", use: listKeys)
        router.read("/v1/keys/history", use: readKeyHistory)
        router.read("/v1/status", use: showStatus)
        router.read("/metrics", use: metrics)
        router.read("/openapi.json", use: openAPI)
        router.read("/docs", use: docs)
        router.read("/healthz", use: health)
        router.read("/readyz", use: readiness)
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

extension Router where Context == ServiceContext {
    /// What can be read with GET can be asked about with HEAD; `ObservingMiddleware` takes the content away.
    fileprivate func read(
        _ path: RouterPath, use handler: @Sendable @escaping (Request, ServiceContext) async throws -> Response
    ) {
        get(path, use: handler)
        head(path, use: handler)
    }
}
