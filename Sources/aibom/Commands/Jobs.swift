import ArgumentParser
import JSON
import Jobs
import Measure

/// The jobs that the caller may see.
struct ListJobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "jobs", abstract: "List jobs, the newest first.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var format: FormatOptions

    @Option(help: "How many to list, 1 to 1000.")
    var limit = 50

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit takes 1 to 1000") }
    }

    func run() async throws {
        let jobs = try await ServiceClient.with(service) { try await $0.jobs(limit: limit) }
        guard !format.json else { return Console.show(["jobs": .array(jobs.map(\.json))]) }
        for job in jobs {
            let state = job.state.rawValue.padding(to: 10)
            Console.show("\(job.id)  \(state) \(job.times[.received]?.description ?? "")  \(job.rootfs)  \(job.owner)")
        }
        if jobs.isEmpty { Console.say("no jobs yet; aibom submit makes one") }
    }
}

/// One job.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a job.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var job: JobArgument

    func run() async throws {
        let job = try await ServiceClient.with(service) { try await $0.job(self.job.id) }
        guard !format.json else { return Console.show(job.json) }
        for (name, value) in Status.lines(of: job) { Console.show("\(name.padding(to: 12)) \(value)") }
    }

    private static func lines(of job: Job) -> [(String, String)] {
        var lines = [("job", "\(job.id)"), ("state", job.state.rawValue), ("owner", job.owner)]
        lines += [("rootfs", job.rootfs), ("policy", job.policy), ("attempt", "\(job.attempt)")]
        lines += job.inputs.map { stored in
            (stored.input.role.rawValue, "\(stored.input.fileName)  \(humanSize(stored.size))  \(stored.input.digest)")
        }
        lines += job.parameters.map { ($0.name, $0.isGiven ? "\($0.value)" : "\($0.value) (default)") }
        lines += Metadata.Field.allCases.compactMap { field in job.metadata[field].map { (field.rawValue, $0) } }
        lines += job.times.sorted { $0.value < $1.value }.map { ($0.key.rawValue, "\($0.value)") }
        if let problem = job.problem { lines += [("problem", problem.detail), ("remedy", problem.remedy)] }
        return lines
    }
}

/// The end of a job before its time.
struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Cancel a job.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var job: JobArgument

    func run() async throws {
        let job = try await ServiceClient.with(service) { try await $0.cancel(self.job.id) }
        guard !format.json else { return Console.show(job.json) }
        Console.say("job \(job.id) is \(job.state.isFinal ? "" : "stopping; it was ")\(job.state)")
    }
}

extension String {
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
