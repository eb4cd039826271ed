internal import API
internal import ArgumentParser
internal import Foundation
internal import Jobs
internal import Linux
internal import Logging
internal import Operations
internal import Settings
internal import Supervisor

/// `aibomd`: the supervisor, serving on a Unix socket.
@main
struct Daemon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aibomd", abstract: "Run training jobs in sandboxes and sign what came of them (root).",
        discussion: "Settings come from the file, then the environment, then these options; the last one holds. "
            + "aibom config explain lists them all.",
        version: Version.current)

    @Option(help: "File of settings (AIBOM_CONFIG; \(SettingsFile.standard) when it is there).") var config: String?
    @Option(help: "Folder of jobs, blobs and keys; root's own (default: \(Settings().state)).") var state: String?
    @Option(help: "The Unix socket to serve on (default: \(Settings().socket)).") var socket: String?
    @Option(help: "Folder for run-time state (default: \(Settings().runtime)).") var runtime: String?
    @Option(help: "The private key of documents; left out, it is STATE/keys/documents.pem.") var key: String?
    @Option(help: "The signer's executable; left out, it is aibom-signer beside this one.") var signer: String?
    @Option(help: "Any other setting: --set log.level=debug.") var set: [String] = []

    /// Synchronous on purpose: the supervisor leaves the host's mount namespace while this process has one thread.
    func run() throws {
        // A terminal that is closed must not end the service; once it serves, the log says that the signal came.
        signal(SIGHUP, SIG_IGN)
        let notifier = Notifier()
        let options = [
            ("state", state), ("socket", socket), ("runtime", runtime), ("key", key), ("signer", signer),
        ]
        guard
            let (settings, log) = ServiceStart.read(
                .supervisor, config: config, options: options.map { (key: $0.0, value: $0.1) }, assignments: set)
        else { throw ExitCode(ServiceStart.badSettings) }
        guard geteuid() == 0 else {
            throw ValidationError(
                "aibomd must be started by root: it makes namespaces and mounts; aibom doctor says more")
        }
        try CrashPoint.arm()
        umask(0o077)  // the socket is nobody's until it is opened to its users
        // Before anything is opened: a name that the host does not know is a mistake in the settings.
        let admission = try Admission(settings)
        let claimed = try ClaimedSocket(path: settings.socket)
        let supervisor = try Supervisor(try Configuration(settings), log: log)
        supervisor.start()
        let service = Service(
            supervisor: supervisor, socket: claimed, admission: admission, settings: settings, notifier: notifier,
            log: log)
        guard service.run() else { throw ExitCode.failure }
    }
}
