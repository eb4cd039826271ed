internal import API
internal import ArgumentParser
internal import Foundation
internal import Hummingbird
internal import Linux
internal import Logging
internal import ServiceLifecycle
internal import Supervisor
internal import UnixSignals

/// `aibomd`: the supervisor, serving on a Unix socket.
@main
struct Daemon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aibomd", abstract: "Run training jobs in sandboxes and sign what came of them (root).",
        version: Version.current)

    @Option(help: "Folder of jobs, blobs and keys; root's own.") var state = "/var/lib/aibom"
    @Option(help: "The Unix socket to serve on.") var socket = "/run/aibom/aibomd.sock"
    @Option(help: "Folder for run-time state.") var runtime = "/run/aibom"
    @Option(help: "The private key of documents; left out, it is STATE/keys/documents.pem.") var key: String?
    @Option(help: "The signer's executable; left out, it is aibom-signer beside this one.") var signer: String?

    /// Synchronous on purpose: the supervisor leaves the host's mount namespace while this process has one thread.
    func run() throws {
        var log = Logger(label: "aibomd") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = .info
        guard geteuid() == 0 else {
            throw ValidationError(
                "aibomd must be started by root: it makes namespaces and mounts; aibom doctor says more")
        }
        umask(0o077)  // the socket is nobody's until it is opened to its users
        let claimed = try ClaimedSocket(path: socket)
        let supervisor = try Supervisor(
            Configuration(
                state: state, runtime: runtime, signer: try signer ?? OwnProcess.neighbour("aibom-signer"), key: key),
            log: log)
        supervisor.start()
        log.info("ready", metadata: ["socket": "\(socket)", "state": "\(state)"])
        try serve(supervisor, at: claimed, log)
    }

    /// Seconds that requests under way are given after SIGTERM; a client that holds its connection longer is cut off.
    private static let patience = 10

    /// Serves until SIGTERM or SIGINT; requests under way are answered first.
    private func serve(_ supervisor: Supervisor, at socket: ClaimedSocket, _ log: Logger) throws {
        let application = Server.application(serving: supervisor, at: socket, logger: log)
        var configuration = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        configuration.maximumGracefulShutdownDuration = .seconds(Self.patience)
        configuration.maximumCancellationDuration = .seconds(5)
        let group = ServiceGroup(configuration: configuration)
        let ended = DispatchSemaphore(value: 0)
        Task {
            do {
                try await group.run()
                supervisor.stop()
                log.info("stopped")
                ended.signal()
            } catch {
                log.critical("the service ended", metadata: ["error": "\(error)"])
                Daemon.exit(withError: ExitCode.failure)
            }
        }
        ended.wait()
    }
}
