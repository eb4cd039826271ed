internal import API
internal import Dispatch
internal import Foundation
internal import Hummingbird
internal import Linux
internal import Logging
internal import Operations
internal import ServiceLifecycle
internal import Settings
internal import Supervisor
internal import Synchronization
internal import UnixSignals

/// The supervisor at work: serves, tells the service manager how it is, and stops in good order.
final class Service: Sendable {
    private let supervisor: Supervisor
    private let socket: ClaimedSocket
    private let admission: Admission
    private let settings: Settings
    private let notifier: Notifier
    private let watchdog: Watchdog
    private let log: Logger
    private let isStopping = Atomic(false)
    private let hasEndedWell = Atomic(false)
    /// Running jobs are waited for, until this is signalled.
    private let isFinishing = Atomic(false)
    private let jobsAreDone = DispatchSemaphore(value: 0)

    init(
        supervisor: Supervisor, socket: ClaimedSocket, admission: Admission, settings: Settings, notifier: Notifier,
        log: Logger
    ) {
        self.admission = admission
        self.supervisor = supervisor
        self.socket = socket
        self.settings = settings
        self.notifier = notifier
        self.log = log
        let path = socket.path
        watchdog = Watchdog(
            notifier,
            checks: [
                .init("jobs") { [supervisor] in supervisor.isStartingJobs(within: Double(Self.answerSeconds)) },
                .init("http") {
                    (try? LocalRequest.get("/healthz", at: path, within: Self.answerSeconds))??.status == 200
                },
            ], log: log)
    }

    /// Seconds that a part of the service may take for an answer before it counts as hung.
    private static let answerSeconds = 10
    /// Seconds after the patience that the stop itself may take.
    private static let stopSeconds = 15

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Returns: false when the service ended by itself.
    func run() -> Bool {
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread { self.announce() }
        Task {
            await self.serve()
            ended.signal()
        }
        ended.wait()
        if isFinishing.load(ordering: .acquiring) { jobsAreDone.wait() }
        supervisor.stop(.requeue)
        supervisor.closeLog()
        log.info("stopped")
        watchdog.end()
        return hasEndedWell.load(ordering: .acquiring)
    }

    /// Ready is who answers: asked as a user would ask.
    private func announce() {
        while !isStopping.load(ordering: .acquiring) {
            if (try? LocalRequest.get("/healthz", at: socket.path, within: Self.answerSeconds))??.status == 200 {
                log.info("ready", metadata: ["socket": "\(socket.path)", "state": "\(settings.state)"])
                notifier.ready("serving on \(socket.path)")
                if admission.gateway != nil { FirstToken.offer(by: supervisor, log: log) }
                return watchdog.start()
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    private func serve() async {
        let application = Server.application(
            serving: supervisor, at: socket, admitting: admission.users, gateway: admission.gateway,
            limits: RateLimits(settings.rate), logger: log)
        var configuration = ServiceGroupConfiguration(services: [application], logger: log)
        configuration.maximumGracefulShutdownDuration = .seconds(settings.stop.patienceSeconds)
        configuration.maximumCancellationDuration = .seconds(5)
        let group = ServiceGroup(configuration: configuration)
        let serving = Task { try await group.run() }
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        // Heeded to the end of the process: jobs may be waited for after the last request.
        Task { await heed(signals, group, serving) }
        do {
            try await serving.value
        } catch {
            guard isStopping.load(ordering: .acquiring) else {
                return log.critical("the service ended", metadata: ["error": "\(error)"])
            }
        }
        hasEndedWell.store(true, ordering: .releasing)
    }

    /// The first SIGTERM asks for an orderly end, the second for a quick one.
    private func heed(_ signals: UnixSignalsSequence, _ group: ServiceGroup, _ serving: Task<Void, any Error>) async {
        for await signal in signals {
            switch signal {
            case .sighup:
                log.notice("SIGHUP does nothing here: settings are read at the start; restart to change them")
            case _ where isStopping.exchange(true, ordering: .acquiringAndReleasing):
                log.notice("asked to stop a second time: requests are cut off, and jobs not waited for")
                serving.cancel()
                jobsAreDone.signal()
            default:
                beginToStop()
                await group.triggerGracefulShutdown()
            }
        }
    }

    /// Waits for running jobs on a thread of its own, beside the requests under way: one patience is for both.
    private func finishJobs() {
        guard case .finish = StopMode(settings.stop) else { return }
        isFinishing.store(true, ordering: .releasing)
        Thread.detachNewThread { [self] in
            supervisor.stop(StopMode(settings.stop))
            jobsAreDone.signal()
        }
    }

    private func beginToStop() {
        let patience = settings.stop.patienceSeconds
        log.info("stopping", metadata: ["jobs": "\(settings.stop.mode.rawValue)", "patience_seconds": "\(patience)"])
        watchdog.relax()
        finishJobs()
        notifier.stopping("requests under way are answered", within: .seconds(patience + Self.stopSeconds))
        // Whatever hangs, the end comes: jobs die with this process and are taken up by the next.
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(patience + Self.stopSeconds)) { [log] in
            log.critical("the service did not stop in time")
            _exit(1)
        }
    }
}
