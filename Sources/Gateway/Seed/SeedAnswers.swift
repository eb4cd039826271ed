internal import JSON
internal import Jobs
internal import NIOHTTP1

/// The endpoints of the reference system that ask about a job, in its words and shapes.
extension Desk {
    func seedStatus(_ request: Incoming) async throws -> Reply {
        let job = try await job(request)
        let names = job.state == .completed || job.state == .failed ? try await artifactNames(of: job.id, request) : []
        let words = SeedWords(job)
        return Reply(
            json: [
                "job_id": .string(job.id.description), "status": .string(words.status),
                "result": [
                    "training_status": .string("training job \(words.status)"),
                    "unique_dir": .string(job.id.description), "job_id": .string(job.id.description),
                    "message": .string(words.message), "output_artifacts": .array(names.map(JSON.string)),
                ],
            ])
    }

    /// Names as the seed has them, below the job's folder there, which is its id here.
    func seedArtifacts(_ request: Incoming) async throws -> Reply {
        let id = try SeedPath.job(request)
        let names = try await artifactNames(of: id, request)
        return Reply(
            json: [
                "job_id": .string(id.description), "artifacts": .array(names.map { .string("\(id)/\($0)") }),
            ])
    }

    /// A link that expires and needs no other proof; `?redirect=true` goes there at once.
    func seedArtifact(_ request: Incoming) async throws -> Reply {
        let id = try SeedPath.job(request)
        guard let name = RequestTarget.decoded(request.head.target.segments.last ?? "") else {
            throw GatewayError.notFound
        }
        let link = try await supervisor.document(
            .POST, "/v1/jobs/\(id)/artifacts/\(RequestTarget.escaped(name))/link", for: request)
        guard let path = link["url"]?.stringValue, path.hasPrefix("/v1/") else { throw GatewayError.badAnswer }
        let url = origin(of: request) + path
        switch request.head.target.parameter("redirect") {
        case "true", "1":
            return Reply(status: .temporaryRedirect, headers: ["location": url, "content-length": "0"], body: .absent)
        case nil, "false", "0": return Reply(json: ["artifact_name": .string(name), "url": .string(url)])
        default:
            throw GatewayError.malformedField(
                Violation(
                    "redirect", "is neither true nor false", limit: ["true", "false"],
                    remedy: "send redirect=true, or leave it out"))
        }
    }

    /// What absolute links begin with.
    func origin(of request: Incoming) -> String {
        configuration.publicURL ?? "\(request.isSecure ? "https" : "http")://\(request.head.host)"
    }

    private func job(_ request: Incoming) async throws -> Job {
        let id = try SeedPath.job(request)
        guard let job = Job(json: try await supervisor.document(.GET, "/v1/jobs/\(id)", for: request)) else {
            throw GatewayError.badAnswer
        }
        return job
    }

    private func artifactNames(of id: JobID, _ request: Incoming) async throws -> [String] {
        let document = try await supervisor.document(.GET, "/v1/jobs/\(id)/artifacts", for: request)
        guard let names = document["artifacts"]?.arrayValue?.compactMap({ $0["name"]?.stringValue }) else {
            throw GatewayError.badAnswer
        }
        return names
    }
}

private enum SeedPath {
    /// The job that the path names; what is no id of a job is no job's.
    static func job(_ request: Incoming) throws(GatewayError) -> JobID {
        let segments = request.head.target.segments
        guard let place = segments.firstIndex(where: { $0.hasPrefix("job_") }), segments.count > place + 1,
            let id = JobID(segments[place + 1])
        else { throw .notFound }
        return id
    }
}

/// A job's state in the words that clients of the reference system look for.
private struct SeedWords {
    let status: String
    let message: String

    init(_ job: Job) {
        switch job.state {
        case .received, .queued: (status, message) = ("queued", "The job waits for its turn.")
        case .staging, .running, .sealing: (status, message) = ("running", "The training is under way.")
        case .completed:
            (status, message) = ("completed", "Training completed successfully and AIBoM generated.")
        case .failed:
            (status, message) = ("failed", job.problem.map { "\($0.title): \($0.detail)" } ?? "Training failed.")
        case .cancelled: (status, message) = ("cancelled", "The job was cancelled.")
        }
    }
}
