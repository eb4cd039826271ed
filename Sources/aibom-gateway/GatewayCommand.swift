internal import API
internal import ArgumentParser
internal import Foundation
internal import Gateway
internal import Linux
internal import Logging
internal import Operations
internal import Settings

/// `aibom-gateway`: HTTP for users, in front of the supervisor's socket.
@main
struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aibom-gateway",
        abstract: "Serve users over HTTP and pass what they ask on to aibomd (started as root, which it gives up).",
        discussion: "Settings come from the file, then the environment, then these options; the last one holds. "
            + "aibom config explain gateway lists them.",
        version: Version.current)

    @Option(help: "File of settings (AIBOM_CONFIG; \(SettingsFile.standard) when it is there).") var config: String?
    @Option(help: "The supervisor's Unix socket.") var socket: String?
    @Option(help: "Numeric HOST:PORT to listen on (default: \(Settings().gateway.listen)).") var listen: String?
    @Option(help: "PEM file with the certificate chain.") var tlsCertificate: String?
    @Option(help: "PEM file with the certificate's key.") var tlsKey: String?
    @Option(help: "User to become, by name or number (default: \(Settings().gateway.user)).") var uid: String?
    @Option(help: "What links begin with; default: as the request was addressed.") var publicURL: String?
    @Flag(help: "Serve without TLS on an address that others reach: only behind what does TLS.") var plaintext = false
    @Flag(help: "Run as whoever starts it, without giving anything up. Weaker.") var unconfined = false

    @Option(help: "Issuer of the JWTs that count, to the letter.") var oidcIssuer: String?
    @Option(help: "Audience of the JWTs that count.") var oidcAudience: String?
    @Option(help: "The issuer's keys: a JWKS file, or an https URL.") var oidcKeys: String?
    @Option(help: "Any other setting: --set limits.connections=512.") var set: [String] = []

    @Option(help: .hidden) var fetchKeys: String?
    @Option(help: .hidden) var every = 3600

    /// Synchronous on purpose: the process confines itself while it has one thread.
    func run() throws {
        // A terminal that is closed must not end the service.
        signal(SIGHUP, SIG_IGN)
        let notifier = Notifier()
        // The fetcher of keys is started by the gateway, which has read the settings.
        let (settings, log) =
            try fetchKeys == nil ? settings() : (Settings(), Logger(label: "aibom-gateway", Settings().log))
        do throws(StartError) {
            if let fetchKeys {
                try KeyFetcher(fetchKeys, everySeconds: every, as: uid.flatMap(UInt32.init) ?? 0, log: log).runToEnd()
            } else {
                try serve(settings, notifier, log)
            }
        } catch {
            log.critical("\(error)")
            throw ExitCode.failure
        }
    }

    private func serve(_ settings: Settings, _ notifier: Notifier, _ log: Logger) throws(StartError) {
        let patience = settings.stop.patienceSeconds
        let observer = GatewayObserver(
            ready: { port, answers in
                log.info("ready", metadata: ["port": "\(port)"])
                notifier.ready("serving on port \(port)")
                // Lives as long as the process: it has a thread of its own.
                Watchdog(notifier, checks: [.init("http") { answers(Self.answerSeconds) }], log: log).start()
            },
            stopping: {
                log.info("stopping", metadata: ["patience_seconds": "\(patience)"])
                notifier.stopping("requests under way are answered", within: .seconds(patience + Self.stopSeconds))
            })
        try GatewayProcess.run(
            GatewayConfiguration(settings), log: log, keeping: notifier.descriptor.map { [$0] } ?? [],
            observer: observer)
    }

    /// Seconds that an event loop may take for a turn before it counts as hung.
    private static let answerSeconds = 10.0
    /// Seconds after the patience that the stop itself may take.
    private static let stopSeconds = 10

    private func settings() throws -> (Settings, Logger) {
        let options: [(String, String?)] = [
            ("socket", socket), ("gateway.listen", listen.map(Self.address)),
            ("gateway.tls_certificate", tlsCertificate),
            ("gateway.tls_key", tlsKey), ("gateway.user", uid), ("gateway.public_url", publicURL),
            ("gateway.plaintext", plaintext ? "true" : nil), ("gateway.unconfined", unconfined ? "true" : nil),
            ("oidc.issuer", oidcIssuer), ("oidc.audience", oidcAudience), ("oidc.keys", oidcKeys),
        ]
        guard
            let read = ServiceStart.read(
                .gateway, config: config, options: options.map { (key: $0.0, value: $0.1) }, assignments: set)
        else { throw ExitCode(ServiceStart.badSettings) }
        return read
    }

    /// A port alone is loopback's.
    private static func address(_ text: String) -> String { UInt16(text) == nil ? text : "127.0.0.1:\(text)" }
}
