import ArgumentParser
import AsyncHTTPClient
import Jobs

/// What a job printed.
struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a job printed.",
        discussion: """
            On a terminal, what would move its cursor or change its colours is shown as \\xNN instead. With --follow the \
            exit status is 3 when the job ends as failed or cancelled.
            """)

    private static let interval = Duration.milliseconds(500)

    @OptionGroup var service: ServiceOptions
    @OptionGroup var job: JobArgument

    @Flag(help: "Go on until the job ends.")
    var follow = false

    func run() async throws {
        let last = try await ServiceClient.with(service) { client in
            var printer = LogPrinter()
            defer { printer.finish() }
            guard follow else {
                _ = try await printer.print(rest(after: 0, client), client)
                return Job?.none
            }
            return try await follow(&printer, client)
        }
        guard let last, last.state != .completed else { return }
        throw CommandError.jobFailed(last.id, state: last.state, last.problem)
    }

    /// Prints the log as it grows; nil when nobody reads any more.
    ///
    /// Every byte is asked for by its place in the log, so a connection that breaks loses and doubles none.
    private func follow(_ printer: inout LogPrinter, _ client: ServiceClient) async throws(CommandError) -> Job? {
        var persistence = Persistence()
        while true {
            let before = printer.size
            do throws(CommandError) {
                // The state is asked for before the log: what was printed up to the end is then in what is read next.
                let job = try await client.job(job.id)
                if printer.begin(attempt: job.attempt) { Console.say("attempt \(job.attempt)") }
                guard try await printer.print(rest(after: printer.size, client), client) else { return nil }
                if job.state.isFinal { return job }
                persistence = Persistence()
            } catch {
                guard printer.isBegun else { throw error }
                try await persistence.wait(after: error, hasProgressed: printer.size > before)
            }
            if printer.size == before { try? await Task.sleep(for: Logs.interval) }
        }
    }

    private func rest(after offset: UInt64, _ client: ServiceClient) async throws(CommandError)
        -> HTTPClientResponse.Body
    {
        try await client.stream("/v1/jobs/\(job.id)/logs?offset=\(offset)").body
    }
}
