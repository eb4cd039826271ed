import ArgumentParser
import JSON
import Jobs
import Measure

/// What a job gives out.
struct Artifacts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List what a finished job gives out.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var job: JobArgument

    func run() async throws {
        let artifacts = try await ServiceClient.with(service) { try await $0.artifacts(of: job.id) }
        guard !format.json else {
            return Console.show(["job_id": .string(job.id.description), "artifacts": .array(artifacts.map(\.json))])
        }
        for artifact in artifacts {
            let size = humanSize(artifact.blob.size).padding(to: 10)
            Console.show("\(artifact.blob.digest)  \(size) \(artifact.name)")
        }
        if artifacts.isEmpty { Console.say("none yet: artifacts appear together when the job ends") }
    }
}
