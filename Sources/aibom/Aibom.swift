import ArgumentParser
import Dispatch
import Glibc
import VerifyCommandLine

/// The command line: every subcommand there is.
struct Aibom: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aibom",
        abstract: "Train a model so that anyone can verify how.",
        subcommands: [
            Doctor.self, ConfigCommand.self, RootfsCommand.self, PolicyCommand.self, RunCommand.self, Keys.self,
            TokenCommand.self, Sample.self, Submit.self, ListJobs.self, Status.self, Logs.self, Cancel.self,
            DeleteInputs.self,
            Artifacts.self, Fetch.self, VerifyCommand.self, TimestampCommand.self, CoverageCommand.self,
            ExportCommand.self, AuditCommand.self,
            Bench.self,
            Completion.self,
        ])
}

/// The figures of this system, measured here.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what this system costs, beside its peers.",
        subcommands: [
            BenchLaunch.self, BenchSeal.self, BenchVerify.self, BenchTraining.self, BenchSubmit.self, BenchUpload.self,
            BenchLog.self,
        ])
}

/// The way in and the one way out.
@main
enum EntryPoint {
    /// Not async: a command that changes its thread's namespaces must run on the first thread, before there is another. One
    /// that waits for the service gets Swift's threads when it is known to be one.
    static func main() {
        do {
            var command = try Aibom.parseAsRoot()
            guard let command = command as? any AsyncParsableCommand else { return try command.run() }
            run(command)
        } catch {
            leave(with: error)
        }
    }

    private static func run(_ command: sending any AsyncParsableCommand) -> Never {
        // A reader that leaves (`aibom logs ID | head`) is an error of write(2), not the end of us. Only here: what is ignored
        // stays ignored across exec, and a job starts with no signal of ours ignored.
        signal(SIGPIPE, SIG_IGN)
        Task {
            var command = command
            do { try await command.run() } catch { leave(with: error) }
            exit(ExitStatus.done.rawValue)
        }
        dispatchMain()
    }

    /// Says what happened and ends the process with the status that the contract has for it.
    private static func leave(with error: any Error) -> Never {
        if let error = error as? CommandError {
            Console.report(error)
            exit(error.exitStatus.rawValue)
        }
        let status = Aibom.exitCode(for: error)
        switch status {
        case .success: Aibom.exit(withError: error)
        case .validationFailure:
            Console.say(Aibom.fullMessage(for: error))
            exit(ExitStatus.usage.rawValue)
        default:
            // A command that has said it all throws its bare status.
            if !(error is ExitCode) { Console.say("error: \(error)") }
            exit(status.rawValue)
        }
    }
}

/// How a command ends; scripts rely on the numbers.
enum ExitStatus: Int32 {
    case done = 0
    case failed = 1
    case usage = 2
    case jobFailed = 3
    case verificationFailed = 4
}
