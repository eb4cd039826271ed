import ArgumentParser
import JSON
import Jobs
import Measure

/// One job, or the node.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a job; without an id, the node: what it has, what is in use, what waits.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var format: FormatOptions

    @Argument(help: "The job's id, as submit and jobs print it.", completion: Completions.jobs)
    var id: JobID?

    func run() async throws {
        try await ServiceClient.with(service) { client in
            guard let id else { return show(node: try await client.get("/v1/status")) }
            let job = try await client.job(id)
            if format.json { return Console.show(job.json) }
            Status.show(Status.lines(of: job))
        }
    }

    private func show(node: JSON) {
        if format.json { return Console.show(node) }
        Status.show(NodeLines.lines(of: node))
    }

    private static func show(_ lines: [(String, String)]) {
        let width = max(12, lines.map(\.0.count).max() ?? 0)
        for (name, value) in lines { Console.show("\(name.padding(to: width)) \(value)") }
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
