internal import Foundation
internal import Linux
internal import Logging
internal import Supervisor

/// How a newcomer comes in through the gateway of a service that nobody has set up yet.
enum FirstToken {
    /// Shows an operator's token to who started the service by hand, once. A log is read by others and kept: where standard error is
    /// no terminal it is told how to make one instead.
    static func offer(by supervisor: Supervisor, log: Logger) {
        guard isatty(STDERR_FILENO) == 1 else {
            return log.notice("users of the gateway need a token: aibom token create --role submitter --owner NAME")
        }
        do throws(SupervisorError) {
            guard let token = try supervisor.firstToken() else { return }
            let text = "\nAn operator's token for the gateway, for 7 days and shown this once:\n\n    \(token)\n\n"
            FileHandle.standardError.write(Data(text.utf8))
        } catch {
            log.warning("the first token could not be made", metadata: ["error": "\(error)"])
        }
    }
}
