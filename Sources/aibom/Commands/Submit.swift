import ArgumentParser
import JSON
import Jobs
import Measure

/// Uploads three files and asks for a training.
struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Submit a model, a dataset and a definition for training.")

    @OptionGroup var service: ServiceOptions
    @OptionGroup var format: FormatOptions

    @Option(help: "The model to train.", completion: .file(extensions: ["keras"]))
    var model: String

    @Option(help: "The dataset to train it on.", completion: .file(extensions: ["csv", "zip"]))
    var dataset: String

    @Option(help: "The definition of the dataset.", completion: .file(extensions: ["yaml", "yml"]))
    var definition: String

    @Option(help: "The environment to train in.", completion: Completions.rootfs)
    var rootfs = "keras"

    @Option(help: "The policy that confines the training.", completion: Completions.policies)
    var policy = "strict"

    @Option(name: .customLong("param"), help: "A training parameter, such as epochs=5. May be repeated.")
    var parameters: [Assignment] = []

    @Option(name: .customLong("meta"), help: "A declared fact, such as license_name=MIT. May be repeated.")
    var metadata: [Assignment] = []

    @OptionGroup var resources: ResourceOptions

    @Flag(help: "Wait for the job's end; exit 3 if it fails.")
    var wait = false

    func run() async throws {
        let uploads = try InputRole.allCases.map { try Upload(role: $0, path: path(of: $0)) }
        let job = try await ServiceClient.with(service) { client in
            try await check(uploads, with: client)
            let request = try request(inputs: await send(uploads, to: client))
            let job = try await client.submit(request)
            Console.say("job \(job.id) is \(job.state)")
            return wait ? try await follow(job.id, with: client) : job
        }
        if format.json { Console.show(job.json) } else { Console.show(job.id.description) }
        guard !wait || job.state == .completed else {
            throw CommandError.jobFailed(job.id, state: job.state, job.problem)
        }
    }

    private func path(of role: InputRole) -> String {
        switch role {
        case .model: model
        case .dataset: dataset
        case .definition: definition
        }
    }

    /// Asks everything that can be asked before a byte is sent: a wrong parameter must not cost an upload.
    private func check(_ uploads: [Upload], with client: ServiceClient) async throws {
        let known = try await client.rootfs()
        guard let description = known.first(where: { $0.name == rootfs }) else {
            throw CommandError.local(
                "the service has no rootfs \(rootfs)",
                remedy: known.isEmpty
                    ? "build one: aibom rootfs build"
                    : "use one of: \(known.map(\.name).sorted().joined(separator: ", "))")
        }
        let placeholders = uploads.map { JobInput(role: $0.role, fileName: $0.name, digest: Digest.of([])) }
        do {
            try request(inputs: placeholders).validate(against: description)
        } catch let violation as Violation {
            throw CommandError.local("\(violation.field) \(violation.reason)", remedy: violation.remedy)
        }
    }

    private func send(_ uploads: [Upload], to client: ServiceClient) async throws -> [JobInput] {
        let sizes = try uploads.map { try $0.size() }
        let bar = TransferBar("upload", sizes: sizes)
        defer { bar.finish() }
        var inputs: [JobInput] = []
        for (upload, size) in zip(uploads, sizes) {
            bar.begin(upload.name.text, size: size)
            inputs.append(try await upload.send(to: client, bar))
        }
        return inputs
    }

    private func request(inputs: [JobInput]) throws -> JobRequest {
        do {
            return JobRequest(
                rootfs: rootfs, policy: policy, inputs: inputs,
                parameters: try Assignment.object(parameters, option: "--param") { $0.number },
                metadata: try Metadata(
                    json: .object(Assignment.object(metadata, option: "--meta") { .string($0.value) })),
                resources: resources.ask, priority: resources.priority, maxAttempts: resources.maxAttempts)
        } catch let violation as Violation {
            throw CommandError.local("\(violation.field) \(violation.reason)", remedy: violation.remedy)
        }
    }

    private func follow(_ id: JobID, with client: ServiceClient) async throws -> Job {
        let progress = JobProgress()
        let job = try await client.follow(id) { progress.show($0) }
        progress.finish()
        return job
    }
}
