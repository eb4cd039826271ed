internal import ArgumentParser
internal import Gateway
internal import Logging

/// `aibom-gateway`: HTTP for users, in front of the supervisor's socket.
@main
struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aibom-gateway",
        abstract: "Serve users over HTTP and pass what they ask on to aibomd (started as root, which it gives up).")

    @Option(help: "The supervisor's Unix socket.") var socket: String?
    @Option(help: "Numeric HOST:PORT to listen on; default 127.0.0.1:8000.") var listen: String?
    @Option(help: "PEM file with the certificate chain.") var tlsCertificate: String?
    @Option(help: "PEM file with the certificate's key.") var tlsKey: String?
    @Option(help: "Uid and gid to become; default: the user aibom-gateway, or 65532.") var uid: UInt32?
    @Option(help: "What links begin with; default: as the request was addressed.") var publicURL: String?
    @Flag(help: "Serve without TLS on an address that others reach: only behind what does TLS.") var plaintext = false
    @Flag(help: "Run as whoever starts it, without giving anything up. Weaker.") var unconfined = false

    @Option(help: "Issuer of the JWTs that count, to the letter.") var oidcIssuer: String?
    @Option(help: "Audience of the JWTs that count.") var oidcAudience: String?
    @Option(help: "The issuer's keys: a JWKS file, or an https URL.") var oidcKeys: String?

    @Option(help: .hidden) var fetchKeys: String?
    @Option(help: .hidden) var every = 3600

    /// Synchronous on purpose: the process confines itself while it has one thread.
    func run() throws {
        var log = Logger(label: "aibom-gateway") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = .info
        do throws(StartError) {
            if let fetchKeys {
                try fetch(fetchKeys, log)
            } else {
                try GatewayProcess.run(gatewayConfiguration(), log: log) { [log] port in
                    log.info("ready", metadata: ["port": "\(port)"])
                }
            }
        } catch {
            log.critical("\(error)")
            throw ExitCode.failure
        }
    }

    private func gatewayConfiguration() throws(StartError) -> GatewayConfiguration {
        var configuration = GatewayConfiguration()
        if let socket { configuration.supervisor = socket }
        if let listen {
            guard let address = ListenAddress(listen) else {
                throw .refused("--listen \(listen) is not a numeric address and a port", remedy: "write 0.0.0.0:8443")
            }
            configuration.listen = address
        }
        configuration.tlsCertificate = tlsCertificate
        configuration.tlsKey = tlsKey
        configuration.user = uid
        configuration.publicURL = publicURL
        configuration.plaintext = plaintext
        configuration.unconfined = unconfined
        configuration.oidc = try oidc()
        return configuration
    }

    private func oidc() throws(StartError) -> OIDCConfiguration? {
        switch (oidcIssuer, oidcAudience, oidcKeys) {
        case (nil, nil, nil): return nil
        case (let issuer?, let audience?, let keys?):
            let isURL = keys.hasPrefix("https://") || keys.hasPrefix("http://")
            return OIDCConfiguration(
                issuer: issuer, audience: audience, keys: isURL ? .url(keys, everySeconds: every) : .file(keys))
        default:
            throw .refused(
                "OIDC needs an issuer, an audience and keys",
                remedy: "give --oidc-issuer, --oidc-audience and --oidc-keys")
        }
    }

    private func fetch(_ url: String, _ log: Logger) throws(StartError) {
        let fetcher = try KeyFetcher(url, everySeconds: every, as: uid ?? 0, log: log)
        fetcher.runToEnd()
    }
}
