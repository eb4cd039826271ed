import Foundation
import JSON
import Testing

/// The three files of a submission.
struct Submission {
    var model: String
    var dataset: String
    var definition: String
    var rootfs = "keras"

    var arguments: [String] {
        ["--model", model, "--dataset", dataset, "--definition", definition, "--rootfs", rootfs]
    }

    /// A job of the hostile rootfs: its trainer does what the model file names.
    static func hostile(_ attack: String, in folder: Folder) throws -> Submission {
        Submission(
            model: try folder.write(attack, as: "\(attack).keras"), dataset: try folder.write("a\n1\n", as: "a.csv"),
            definition: try folder.write("a: b\n", as: "a.yaml"), rootfs: "hostile")
    }
}

/// What `aibom submit --json` answered.
struct Submitted: CustomStringConvertible {
    let result: Command.Result
    /// The job's document; null when there is none.
    let job: JSON

    var id: String { job["job_id"]?.stringValue ?? "" }
    var state: String { job["state"]?.stringValue ?? "" }
    var problem: JSON { job["problem"] ?? .null }
    var description: String { "\(result)" }
}

extension Daemon {
    /// Submits and waits for the end.
    nonisolated func train(_ submission: Submission, _ more: String...) async throws -> Submitted {
        try await submit(submission, ["--wait"] + more)
    }

    nonisolated func submit(_ submission: Submission, _ more: [String] = []) async throws -> Submitted {
        let result = try await Command.run(
            Built.aibom, ["submit", "--json"] + submission.arguments + more,
            environment: Command.path.merging(["AIBOM_SOCKET": socket]) { $1 })
        return Submitted(result: result, job: (try? result.json) ?? .null)
    }

    nonisolated func job(_ id: String) async throws -> JSON {
        try await aibom("status", id, "--json").json
    }

    /// Waits until a job is in one of `states`.
    nonisolated func job(_ id: String, in states: String..., within limit: Duration = .seconds(30)) async throws -> JSON
    {
        var job = JSON.null
        let isThere = try await eventually(within: limit) {
            job = try await self.job(id)
            return states.contains(job["state"]?.stringValue ?? "")
        }
        try #require(isThere, "\(job)\n\(log)")
        return job
    }

    /// Fetches what a job left into a folder of its own.
    nonisolated func fetch(_ id: String) async throws -> Folder {
        let folder = try Folder()
        let fetched = try await aibom("fetch", id, "--out", folder.path("artifacts"))
        try #require(fetched.status == 0, "\(fetched)")
        return folder
    }

    nonisolated func verify(_ folder: String) async throws -> Command.Result {
        try await aibom("verify", folder, "--key", key)
    }

    /// One request, as no command of ours would send it.
    ///
    /// - Returns: the status and the document.
    nonisolated func ask(_ path: String, _ arguments: String...) async throws -> (status: Int, document: JSON) {
        try await ask(path, arguments)
    }

    private nonisolated func ask(
        _ path: String, _ arguments: [String]
    ) async throws -> (status: Int, document: JSON) {
        let answer = try await Command.run(
            "curl",
            ["-s", "-m", "30", "--unix-socket", socket, "-w", "\n%{http_code}", "http://localhost\(path)"] + arguments)
        let lines = answer.text.split(separator: "\n", omittingEmptySubsequences: false)
        let body = lines.dropLast().joined(separator: "\n")
        return (Int(lines.last ?? "") ?? 0, (try? JSON.parse(Array(body.utf8), limits: .document)) ?? .null)
    }

    /// Asks for a job of stored inputs, as no command of ours would.
    nonisolated func order(_ inputs: JSONObject, key: String? = nil) async throws -> (status: Int, document: JSON) {
        let request: JSON = ["rootfs": "hostile", "policy": "strict", "inputs": .object(inputs)]
        let text = String(decoding: request.compactBytes(), as: UTF8.self)
        let name = key.map { ["-H", "idempotency-key: \"\($0)\""] } ?? []
        return try await ask("/v1/jobs", ["-H", "content-type: application/json", "-d", text] + name)
    }

    /// Every job that it knows of, by id.
    nonisolated func jobs() async throws -> [String: JSON] {
        var jobs: [String: JSON] = [:]
        var place = ""
        while true {
            let page = try await ask("/v1/jobs?limit=200\(place)").document
            for job in try #require(page["jobs"]?.arrayValue) { jobs[try #require(job["job_id"]?.stringValue)] = job }
            guard let next = page["next"]?.stringValue else { return jobs }
            place = "&after=\(next)"
        }
    }

    /// The states that a job has been in, as its events tell within a second.
    nonisolated func states(of id: String) async throws -> [String] {
        let stream = try await Command.run(
            "curl", ["-sN", "-m", "1", "--unix-socket", socket, "http://localhost/v1/jobs/\(id)/events"])
        return try stream.text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.compactMap {
            try JSON.parse(Array($0.dropFirst(6).utf8), limits: .document)["event"]?["state"]?.stringValue
        }
    }
}

/// Files that every suite may use: the sample that the product carries, and the seed document's example.
struct Examples {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures").path

    static func fixture(_ name: String) -> String { "\(fixtures)/\(name)" }

    static var seed: Submission {
        Submission(model: fixture("seed.keras"), dataset: fixture("seed.csv"), definition: fixture("seed.yaml"))
    }

    /// What `aibom sample` writes.
    static func sample(in folder: Folder) async throws -> Submission {
        let made = try await Command.run(Built.aibom, ["sample", folder.path("sample")])
        try #require(made.status == 0, "\(made)")
        return Submission(
            model: folder.path("sample/model.keras"), dataset: folder.path("sample/wine.csv"),
            definition: folder.path("sample/definition.yaml"))
    }
}
