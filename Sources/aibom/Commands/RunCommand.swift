import ArgumentParser
import Catalogue
import Isolation
import JSON
import Linux
import Policy
import Sandbox

/// `aibom run`: one confined command, no daemon.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run one command in the sandbox and collect what it leaves in /out (root).")

    @Option(help: "A rootfs by name, or a folder (with a / in it) to use as root.", completion: Completions.rootfs)
    var rootfs: String
    @Option(help: "A policy by name, or a file with a / in its path.", completion: Completions.policies)
    var policy = "strict"
    @Option(name: .customLong("in"), help: "Folder that the command finds read-only at /in.") var input: String?
    @Option(name: .customLong("out"), help: "Folder that takes what the command leaves in /out.") var output: String?
    @Option(name: .customLong("env"), help: "NAME=VALUE for the command's environment, which is otherwise empty.")
    var environment: [String] = []
    @Flag(help: "Print the outcome as one JSON document on stdout; the command's stdout goes to stderr.") var json =
        false
    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.") var command: [String]

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("no command; write it after --") }
        for pair in environment where !pair.contains("=") || pair.hasPrefix("=") {
            throw ValidationError("--env \(pair): write NAME=VALUE")
        }
    }

    func run() throws {
        // First of all, while this process has one thread: its own mount namespace.
        let workplace = try Workplace(at: RuntimeFolder.path)
        let confined = try PolicyCatalogue.policy(policy)
        let (root, base) = try openRootfs(in: workplace)
        guard let path = root.find(command[0]) else {
            throw CommandError.local("\(command[0]) is not in the rootfs", remedy: "give its absolute path in there")
        }
        let sandbox = Sandbox(
            workplace: workplace, rootfs: root, policy: confined, pool: JobPool(workplace: workplace))
        let program = Program(
            path: path, arguments: command, environment: base + confined.policy.environmentStrings + environment)
        let finished = try sandbox.run(
            program, inputs: input.map { .folder($0) } ?? .files([], written: []), streams: streams(),
            cancellation: try Cancellation())
        if let output { try OutputCopy(into: output).copy(from: finished.output, limits: confined.policy.limits) }
        try report(finished.outcome)
    }

    /// A folder has no environment of its own; an image brings its manifest's.
    private func openRootfs(in workplace: Workplace) throws -> (Rootfs, [String]) {
        if rootfs.contains("/") { return (try Rootfs(folder: rootfs, in: workplace), []) }
        let image = try RootfsCatalogue().image(rootfs)
        return (try image.mount(in: workplace), image.manifest.environmentStrings)
    }

    private func streams() -> JobStreams {
        let asDocument = json
        return JobStreams { name, bytes in
            switch name {
            case .output: Console.write(bytes, to: asDocument ? 2 : 1)
            case .error: Console.write(bytes, to: 2)
            case .report: break
            }
        }
    }

    private func report(_ outcome: RunOutcome) throws {
        if json { Console.show(outcome.json) }
        guard !outcome.succeeded else { return }
        Console.say("the command \(outcome.sentence)")
        throw ExitCode(ExitStatus.jobFailed.rawValue)
    }
}

extension RunOutcome {
    /// How it ended, as the end of a sentence.
    var sentence: String {
        if ranOutOfMemory { return "was killed: its memory was at the policy's limit" }
        return switch (cause, ending.status) {
        case (.timedOut, _): "reached its wall-clock limit and was ended"
        case (.cancelled, _): "was cancelled"
        case (.ended, .exited(let status)): "exited with status \(status)"
        case (.ended, .signalled(let signal)): "was killed by signal \(signal)"
        }
    }

    var json: JSON {
        let status: JSON =
            switch ending.status {
            case .exited(let status): ["exited": .integer(Int64(status))]
            case .signalled(let signal): ["signalled": .integer(Int64(signal))]
            }
        return [
            "cause": .string("\(cause)"), "status": status, "succeeded": .bool(succeeded),
            "wall_microseconds": .integer(wallMicroseconds), "user_microseconds": .integer(userMicroseconds),
            "system_microseconds": .integer(systemMicroseconds),
            "peak_memory_bytes": usage.peakMemory.map { .integer($0) } ?? .null,
            "out_of_memory_kills": usage.oomKills.map { .integer($0) } ?? .null,
            "denied_calls": .integer(Int64(clamping: denied.total)),
        ]
    }
}

/// Where run-time state stands.
enum RuntimeFolder {
    static let path = "/run/aibom"
}
