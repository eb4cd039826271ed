import ArgumentParser
import JSON
import Jobs
import Measure

/// Takes a job's artifacts home.
struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fetch a job's artifacts into a folder, flat, each checked against its digest.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var job: JobArgument

    @Option(help: "The folder; made when it is missing.")
    var out: String

    func run() async throws {
        let artifacts = try await ServiceClient.with(service) { client in
            let artifacts = try await client.artifacts(of: job.id)
            guard !artifacts.isEmpty else { throw try await nothingToFetch(client) }
            let folder = try FetchFolder(out)
            // All names before any byte: a service that names one badly gets nothing written.
            let names = try artifacts.map { try FetchFolder.safeName($0.name) }
            for (artifact, name) in zip(artifacts, names) { try await fetch(artifact, as: name, to: folder, client) }
            return artifacts
        }
        guard format.json else { return Console.say("\(artifacts.count) artifacts in \(out)") }
        Console.show(
            [
                "job_id": .string(job.id.description), "out": .string(out), "artifacts": .array(artifacts.map(\.json)),
            ])
    }

    private func fetch(
        _ artifact: Artifact, as name: FileName, to folder: FetchFolder, _ client: ServiceClient
    ) async throws {
        let bar = ProgressBar("fetch \(name)")
        let body = try await client.stream("/v1/jobs/\(job.id)/artifacts/\(FetchFolder.escaped(name))")
        try await folder.receive(body, as: name, expecting: artifact.blob, from: client) { received in
            bar.show(received, of: artifact.blob.size, note: humanSize(received))
        }
        bar.finish()
        if !format.json { Console.show("\(artifact.blob.digest)  \(name)") }
    }

    private func nothingToFetch(_ client: ServiceClient) async throws -> CommandError {
        let state = try await client.job(job.id).state
        return .local(
            "job \(job.id) is \(state) and has no artifacts",
            remedy: state.isFinal
                ? "read what it printed: aibom logs \(job.id)" : "wait for its end: aibom status \(job.id)")
    }
}
