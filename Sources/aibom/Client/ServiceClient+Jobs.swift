import JSON
import Jobs

extension ServiceClient {
    func job(_ id: JobID) async throws(CommandError) -> Job {
        let path = "/v1/jobs/\(id)"
        return try read(Job.init(json:), await get(path), from: path)
    }

    func jobs(limit: Int) async throws(CommandError) -> [Job] {
        let path = "/v1/jobs?limit=\(limit)"
        return try list("jobs", Job.init(json:), await get(path), from: path)
    }

    func cancel(_ id: JobID) async throws(CommandError) -> Job {
        let path = "/v1/jobs/\(id)"
        return try read(Job.init(json:), await delete(path), from: path)
    }

    func submit(_ request: JobRequest) async throws(CommandError) -> Job {
        try read(Job.init(json:), await post(request.json, to: "/v1/jobs"), from: "/v1/jobs")
    }

    func artifacts(of id: JobID) async throws(CommandError) -> [Artifact] {
        let path = "/v1/jobs/\(id)/artifacts"
        return try list("artifacts", Artifact.init(json:), await get(path), from: path)
    }

    func rootfs() async throws(CommandError) -> [RootfsDescription] {
        try list("rootfs", RootfsDescription.init(json:), await get("/v1/rootfs"), from: "/v1/rootfs")
    }

    /// The keys that evidence can be verified with, as PEM.
    func publicKeys() async throws(CommandError) -> [String] {
        try list("keys", { $0["pem"]?.stringValue }, await get("/v1/keys"), from: "/v1/keys")
    }

    func read<Value>(
        _ value: (JSON) -> Value?, _ json: JSON, from path: String
    ) throws(CommandError) -> Value {
        guard let value = value(json) else { throw .unintelligible(path) }
        return value
    }

    func list<Value>(
        _ name: String, _ value: (JSON) -> Value?, _ json: JSON, from path: String
    ) throws(CommandError) -> [Value] {
        guard let elements = json[name]?.arrayValue else { throw .unintelligible(path) }
        var values: [Value] = []
        for element in elements { values.append(try read(value, element, from: path)) }
        return values
    }
}
