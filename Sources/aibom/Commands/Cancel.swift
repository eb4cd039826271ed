import ArgumentParser
import Jobs

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

/// The files that a job was made from, given up.
struct DeleteInputs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete a finished job's model, dataset and definition from the service; its evidence stays.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var job: JobArgument

    func run() async throws {
        let job = try await ServiceClient.with(service) { try await $0.deleteInputs(of: self.job.id) }
        guard !format.json else { return Console.show(job.json) }
        Console.say("the inputs of job \(job.id) are deleted; their digests stay in its record")
    }
}
