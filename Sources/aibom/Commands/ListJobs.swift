import ArgumentParser
import JSON
import Jobs
import Measure

extension JobState: ExpressibleByArgument {}

/// The jobs that the caller may see.
struct ListJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "jobs", abstract: "List jobs, the newest first.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var format: FormatOptions

    @Option(name: .customLong("state"), help: "Only jobs in this state. May be repeated.")
    var states: [JobState] = []

    @Option(help: "Only jobs of this owner, such as uid:1000.")
    var owner: String?

    @Option(help: "How many to list, at least 1.")
    var limit = 50

    @Flag(help: "List all of them.")
    var all = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes 1 or more") }
    }

    func run() async throws {
        var found: [Job] = []
        var count = 0
        try await ServiceClient.with(service) { client in
            try await client.jobs(states: states, owner: owner, limit: all ? .max : limit) { page in
                count += page.count
                if format.json { found += page } else { page.forEach(ListJobs.show) }
            }
        }
        if format.json { return Console.show(["jobs": .array(found.map(\.json))]) }
        guard count == 0 else { return }
        Console.say(states.isEmpty && owner == nil ? "no jobs yet; aibom submit makes one" : "no such jobs")
    }

    private static func show(_ job: Job) {
        let state = job.state.rawValue.padding(to: 10)
        Console.show("\(job.id)  \(state) \(job.times[.received]?.description ?? "")  \(job.rootfs)  \(job.owner)")
    }
}
