import ArgumentParser
import Glibc
import VerifyCommandLine

/// `aibom verify` by itself: for machines that verify and do nothing else.
@main
enum AibomVerify {
    static func main() {
        do {
            let command = try VerifyCommand.parse()
            try command.run()
        } catch {
            leave(with: error)
        }
    }

    /// The same statuses as `aibom`: 1 for what could not be read, 2 for wrong usage, 4 for evidence that does not hold.
    private static func leave(with error: any Error) -> Never {
        let status = VerifyCommand.exitCode(for: error)
        switch status {
        case .success: VerifyCommand.exit(withError: error)
        case .validationFailure:
            Output.say(VerifyCommand.fullMessage(for: error))
            exit(2)
        default:
            if !(error is ExitCode) { Output.say("error: \(error)") }
            exit(status.rawValue)
        }
    }
}
