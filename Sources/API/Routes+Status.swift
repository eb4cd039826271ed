internal import Hummingbird
internal import JSON
internal import Jobs
internal import Measure

extension Routes {
    /// How the node is: what anybody needs to hand in a job, and for those who look after it what it has and does.
    @Sendable func showStatus(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let caller = try context.requireCaller()
        var status = JSONObject()
        status["version"] = .string(Version.current)
        do throws(ServiceError) {
            try await service.requireReady()
            status["state"] = "ready"
        } catch {
            status["state"] = "unavailable"
            status["problem"] = error.problem().json
        }
        if caller.role.seesEverything { try await addNode(to: &status) }
        status["rootfs"] = .array(try await service.rootfs().map { .named($0.name, $0.imageDigest?.hex) })
        status["policies"] = .array(try await service.policies().map { .named($0.name, $0.digest) })
        status["keys"] = .array(
            try await service.keys().map { ["key_id": .string($0.id), "use": .string($0.use.rawValue)] })
        return Response(json: .object(status))
    }

    private func addNode(to status: inout JSONObject) async throws(ServiceError) {
        let uptime = service.metrics.uptime
        status["started"] = .string(service.metrics.started.description)
        status["uptime_seconds"] = .integer(uptime.components.seconds)
        for member in try await service.node().json.objectValue?.members ?? [] { status[member.key] = member.value }
        status["store_free_bytes"] = .integer(Int64(clamping: try await service.freeBytes()))
    }
}

extension JSON {
    fileprivate static func named(_ name: String, _ digest: String?) -> JSON {
        var object = JSONObject()
        object["name"] = .string(name)
        object["sha256"] = digest.map(JSON.string)
        return .object(object)
    }
}
