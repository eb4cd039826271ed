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
            let bar = TransferBar("fetch", sizes: artifacts.map(\.blob.size))
            defer { bar.finish() }
            for (artifact, name) in zip(artifacts, names) {
                try await fetch(artifact, as: name, to: folder, client, bar)
            }
            return artifacts
        }
        guard format.json else { return Console.say("\(artifacts.count) artifacts in \(out)") }
        Console.show(
            [
                "job_id": .string(job.id.description), "out": .string(out), "artifacts": .array(artifacts.map(\.json)),
            ])
    }

    private func fetch(
        _ artifact: Artifact, as name: FileName, to folder: FetchFolder, _ client: ServiceClient, _ bar: TransferBar
    ) async throws {
        let path = "/v1/jobs/\(job.id)/artifacts/\(name.text.urlEscaped)"
        bar.begin(name.text, size: artifact.blob.size)
        try await folder.receive(name, expecting: artifact.blob, client) { offset throws(CommandError) in
            try await client.stream(path, headers: offset == 0 ? [] : [("range", "bytes=\(offset)-")])
        } _: {
            bar.show($0)
        }
        guard !format.json else { return }
        bar.pause()
        Console.show("\(artifact.blob.digest)  \(name)")
    }

    private func nothingToFetch(_ client: ServiceClient) async throws -> CommandError {
        let state = try await client.job(job.id).state
        return .local(
            "job \(job.id) is \(state) and has no artifacts",
            remedy: state.isFinal
                ? "read what it printed: aibom logs \(job.id)" : "wait for its end: aibom status \(job.id)")
    }
}
