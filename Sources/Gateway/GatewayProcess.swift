internal import Dispatch
internal import Foundation
internal import Isolation
internal import Linux
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// The whole life of `aibom-gateway`: gather what it needs of the host, give the host up, serve.
package enum GatewayProcess {
    /// Serves until SIGTERM or SIGINT. To be called while this process has one thread.
    ///
    /// - Parameters:
    ///   - configuration: the knobs.
    ///   - log: takes what users are not told.
    ///   - kept: descriptors, each 10 or above, that the caller goes on to use.
    ///   - observer: is told how the gateway is.
    /// - Throws: `StartError`; then nothing was served.
    package static func run(
        _ configuration: GatewayConfiguration, log: Logger, keeping kept: [Int32] = [], observer: GatewayObserver
    ) throws(StartError) {
        let environment = ProcessInfo.processInfo.environment
        let threads = configuration.threads ?? min(4, System.coreCount)
        let feed = try startKeyFeed(configuration)
        var material = try GatewayMaterial.gather(
            configuration, passed: try ListeningSocket.passed { environment[$0] })
        try confine(configuration, &material, (feed?.descriptors ?? []) + kept, log)
        try serve(material, feed, configuration, threads, log, observer)
    }

    private static func confine(
        _ configuration: GatewayConfiguration, _ material: inout GatewayMaterial, _ kept: [Int32], _ log: Logger
    ) throws(StartError) {
        guard !configuration.unconfined else {
            // The supervisor takes who is uid 0 for the operator, whatever stands in the request.
            guard OwnProcess.effectiveUser != 0 else {
                throw .refused(
                    "unconfined as root every user would be the operator",
                    remedy: "start it as the gateway's own user, or confined")
            }
            log.warning("UNCONFINED by the operator's choice: who takes the gateway over has all that its user has")
            return
        }
        guard OwnProcess.effectiveUser == 0 else {
            throw .refused(
                "the gateway needs root to give up everything but its sockets",
                remedy: "start it as root, or with --unconfined, which is weaker")
        }
        let confinement = try GatewayConfinement(as: configuration.user)
        let needed = UInt64(2 * configuration.limits.connections + 64)
        guard needed <= confinement.openFiles else {
            throw .refused(
                "\(configuration.limits.connections) connections need more open files than the policy's \(confinement.openFiles)",
                remedy: "allow fewer connections")
        }
        material.supervisor = try confinement.enter(
            supervisor: material.supervisor, keeping: material.descriptors + kept)
        log.info(
            "confined",
            metadata: ["uid": "\(confinement.user)", "policy": "sha256:\(confinement.policyDigest)"])
    }

    private static func startKeyFeed(_ configuration: GatewayConfiguration) throws(StartError) -> KeyFeed? {
        guard case .url(let url, let seconds) = configuration.oidc?.keys else { return nil }
        let user =
            configuration.unconfined
            ? OwnProcess.effectiveUser : try GatewayConfinement(as: configuration.user).user
        // Ended or not, nobody will be allowed to wait for it: the kernel reaps it.
        signal(SIGCHLD, SIG_IGN)
        return try KeyFeed.start(fetching: url, everySeconds: seconds, as: user)
    }

    private static func serve(
        _ material: consuming GatewayMaterial, _ feed: KeyFeed?, _ configuration: GatewayConfiguration,
        _ threads: Int, _ log: Logger, _ observer: GatewayObserver
    ) throws(StartError) {
        let port = material.port
        holdSignals()
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let server = GatewayServer(material, configuration, on: loops, log: log)
        if let feed { server.follow(feed) }
        let ended = Ending()
        let patience = configuration.patienceSeconds
        Task {
            ended.set(
                await outcome(of: server, within: patience, log, observer) {
                    observer.ready(port) { loops.answers(within: $0) }
                })
        }
        try ended.wait().get()
    }

    /// Has SIGTERM and SIGINT wait for the one who reads them (signalfd(2)), in this thread and all that it starts. One that a thread
    /// takes instead is passed on by libdispatch with tgkill(2), which the policy denies: it would be lost.
    private static func holdSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGTERM, SIGINT] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private static func outcome(
        of server: GatewayServer, within patience: Int, _ log: Logger, _ observer: GatewayObserver,
        _ ready: @Sendable () -> Void
    ) async -> Result<Void, StartError> {
        do throws(StartError) { try await server.prepare() } catch { return .failure(error) }
        var group = ServiceGroupConfiguration(
            services: [server, StopNotice(observer.stopping)], gracefulShutdownSignals: [.sigterm, .sigint], logger: log
        )
        group.maximumGracefulShutdownDuration = .seconds(patience)
        group.maximumCancellationDuration = .seconds(5)
        ready()
        do {
            try await ServiceGroup(configuration: group).run()
            return .success(())
        } catch {
            return .failure(.refused("the gateway ended: \(error)", remedy: "look at what the log says before"))
        }
    }

    /// Where the first thread, which has nothing else to do, waits for the end.
    private final class Ending: Sendable {
        private let outcome = Mutex<Result<Void, StartError>>(.success(()))
        private let ended = DispatchSemaphore(value: 0)

        func set(_ result: Result<Void, StartError>) {
            outcome.withLock { $0 = result }
            ended.signal()
        }

        func wait() -> Result<Void, StartError> {
            ended.wait()
            return outcome.withLock { $0 }
        }
    }
}
