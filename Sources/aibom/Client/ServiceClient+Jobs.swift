import Foundation
import JSON
import Jobs

extension ServiceClient {
    func job(_ id: JobID) async throws(CommandError) -> Job {
        let path = "/v1/jobs/\(id)"
        return try read(Job.init(json:), await get(path), from: path)
    }

    /// Calls `seen` with each page of jobs, the newest first, until there are `limit` or no more.
    func jobs(
        states: [JobState], owner: String?, limit: Int, _ seen: ([Job]) -> Void
    ) async throws(CommandError) {
        var filter: [String] = states.isEmpty ? [] : ["state=\(states.map(\.rawValue).joined(separator: ","))"]
        if let owner { filter.append("owner=\(owner.urlEscaped)") }
        var rest = limit
        var after: String?
        while rest > 0 {
            let size = min(rest, ServiceClient.pageSize)
            let query = filter + ["limit=\(size)"] + (after.map { ["after=\($0)"] } ?? [])
            let path = "/v1/jobs?\(query.joined(separator: "&"))"
            let page = try list("jobs", Job.init(json:), await get(path), from: path)
            seen(page)
            rest -= page.count
            // A page that is not full is the last one, and a last job that was seen before would make a list without end.
            guard page.count == size, let last = page.last?.id.description, last != after else { return }
            after = last
        }
    }

    private static let pageSize = 500

    func cancel(_ id: JobID) async throws(CommandError) -> Job {
        let path = "/v1/jobs/\(id)"
        return try read(Job.init(json:), await post([:], to: "\(path)/cancel"), from: path)
    }

    /// The inputs are given up; what the job was made from stays known by its digests.
    func deleteInputs(of id: JobID) async throws(CommandError) -> Job {
        let path = "/v1/jobs/\(id)/inputs"
        return try read(Job.init(json:), await delete(path), from: path)
    }

    /// Asks for a job once, however often the request has to be sent.
    func submit(_ request: JobRequest) async throws(CommandError) -> Job {
        let json = try await post(request.json, to: "/v1/jobs", key: UUID().uuidString)
        return try read(Job.init(json:), json, from: "/v1/jobs")
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
        try list("keys", { $0 }, await get("/v1/keys"), from: "/v1/keys").filter { $0["use"] == "documents" }
            .compactMap { $0["pem"]?.stringValue }
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
