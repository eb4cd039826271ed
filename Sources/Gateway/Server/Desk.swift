internal import Jobs
internal import Logging
internal import NIOHTTP1

/// Answers requests: finds the route, learns who asks, holds the body to its limit, and hands on.
struct Desk: Sendable {
    let configuration: GatewayConfiguration
    let supervisor: SupervisorClient
    let authenticator: Authenticator
    let log: Logger
    private let routes = RouteTable()
    private let uploads: Admission
    let environments = KnownEnvironments()
    /// Bundles being verified: each may hold its documents in memory.
    let bundles: Admission

    var limits: GatewayLimits { configuration.limits }

    init(
        _ configuration: GatewayConfiguration, _ supervisor: SupervisorClient, _ authenticator: Authenticator,
        _ log: Logger
    ) {
        self.configuration = configuration
        self.supervisor = supervisor
        self.authenticator = authenticator
        self.log = log
        bundles = Admission(total: configuration.limits.bundles, perKey: configuration.limits.bundles)
        uploads = Admission(total: configuration.limits.uploads, perKey: configuration.limits.uploadsPerCaller)
    }

    /// Never throws: what goes wrong is an answer, too.
    func answer(
        _ head: HTTPRequestHead, _ parts: RequestParts, from remote: RemoteAddress, isSecure: Bool
    ) async -> Reply {
        let traces = head.headers["traceparent"]
        let trace = (traces.count == 1 ? TraceContext(traces[0]) : nil) ?? .fresh()
        var reply: Reply
        do {
            reply = try await answer(RequestHead(head), trace, parts, remote, isSecure)
        } catch {
            reply = self.reply(to: error)
        }
        if !reply.headers.contains(name: "traceparent") {
            reply.headers.add(name: "traceparent", value: trace.child().description)
        }
        return head.method == .HEAD ? reply.withoutContent : reply
    }

    private func answer(
        _ head: RequestHead, _ trace: TraceContext, _ parts: RequestParts, _ remote: RemoteAddress, _ isSecure: Bool
    ) async throws -> Reply {
        let route = try routes.route(head.method, head.target)
        let limit = try admit(head, to: route)
        let credential =
            route.answerer == .supervisorForAnyone ? .none : try await authenticator.credential(of: head.headers)
        let place = try enterUpload(route, credential, remote)
        let body = await parts.body(limit: limit, expectsContinue: head.expectsContinue)
        let request = Incoming(
            head: head, body: body, credential: credential, trace: trace, remote: remote, isSecure: isSecure)
        var reply = await answer(request, route.answerer)
        // Events of a job go on for as long as it runs: no longer than their reader is somebody. A file's bytes may come to their end.
        if reply.headers.first(name: "content-type") == "text/event-stream" { reply.end = credential.end }
        if let place { reply.finally = { [uploads] in uploads.leave(place) } }
        return reply
    }

    private func answer(_ request: Incoming, _ answerer: RouteTable.Answerer) async -> Reply {
        do {
            if !request.head.hasBody { _ = try await request.body.collect() }
            switch answerer {
            case .supervisor, .supervisorForAnyone: return try await supervisor.forward(request)
            case .submit: return try await seedSubmit(request)
            case .status: return try await seedStatus(request)
            case .artifacts: return try await seedArtifacts(request)
            case .artifact: return try await seedArtifact(request)
            case .verify: return try await verify(request)
            }
        } catch {
            return reply(to: error)
        }
    }

    private func reply(to error: any Error) -> Reply {
        if let refusal = error as? Refusal { return refusal.reply }
        if let error = GatewayError(reading: error, limits) { return Reply(error) }
        log.debug("request failed", metadata: ["error": "\(error)"])
        return Reply(GatewayError.unavailable)
    }

    /// - Returns: how many bytes of body the route takes.
    private func admit(_ head: RequestHead, to route: RouteTable.Route) throws(GatewayError) -> UInt64 {
        let limit: UInt64
        switch route.body {
        case .none:
            guard !head.hasBody else {
                throw .malformed("this route takes no body", remedy: "send the request without a body")
            }
            return 0
        case .document: limit = limits.documentBody
        case .files: limit = limits.uploadBody
        case .bundle: limit = limits.bundleBody
        }
        if let length = head.contentLength, length > limit { throw .tooLarge(limit: limit) }
        return limit
    }

    /// - Returns: the place among the uploads under way, to be given back; nil for what is none.
    private func enterUpload(
        _ route: RouteTable.Route, _ credential: Credential, _ remote: RemoteAddress
    ) throws(GatewayError) -> [String]? {
        guard route.body.isUpload else { return nil }
        let keys = ["address \(remote.group)"] + (credential.key.map { ["caller \($0)"] } ?? [])
        switch uploads.enter(keys) {
        case nil: return keys
        case .total: throw .full("\(limits.uploads) uploads are under way")
        case .key: throw .tooMany("\(limits.uploadsPerCaller) uploads of yours are under way")
        }
    }
}

/// A request that was let in.
struct Incoming: Sendable {
    let head: RequestHead
    let body: RequestBody
    let credential: Credential
    /// Which undertaking it is part of: as the request says, or a new one.
    let trace: TraceContext
    let remote: RemoteAddress
    let isSecure: Bool
}

/// An answer of the supervisor that ends what we were doing and is passed on.
struct Refusal: Error {
    let reply: Reply
}
