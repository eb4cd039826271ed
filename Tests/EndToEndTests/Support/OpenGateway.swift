import Foundation
import Testing

/// A real `aibom-gateway` with TLS in front of a daemon, for as long as a test talks to it.
struct OpenGateway {
    /// The user that it becomes, whom the daemon must know as the gateway's: `--set gateway.user=65532`.
    static let user = "65532"
    /// What the daemon of such a test is started with: a test asks faster than a user.
    static let daemonSettings = [
        "gateway.user=\(user)", "rate.requests_per_second=0", "rate.submissions_per_minute=0",
    ].flatMap { ["--set", $0] }

    let url: String
    /// The certificate that it shows, which is its own authority.
    let authority: String

    /// The gateway's user goes through the folder to the socket.
    static func letThrough(to daemon: Daemon) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: daemon.home.path)
    }

    static func inFront(of daemon: Daemon, _ body: (OpenGateway) async throws -> Void) async throws {
        let folder = try Folder()
        try letThrough(to: daemon)
        let (key, certificate) = (folder.path("key.pem"), folder.path("certificate.pem"))
        let made = try await Command.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        try #require(made.status == 0, "\(made)")
        let port = try Services().port
        let gateway = try Spawned(
            "\(Built.folder)/aibom-gateway",
            [
                "--socket", daemon.socket, "--listen", "127.0.0.1:\(port)", "--tls-certificate", certificate,
                "--tls-key",
                key, "--set", "gateway.user=\(user)",
            ],
            environment: Command.path, out: folder.path("log"), err: folder.path("log"))
        let log = { String(decoding: (try? folder.read("log")) ?? [], as: UTF8.self) }
        let result: Result<Void, any Error>
        do {
            let open = OpenGateway(url: "https://127.0.0.1:\(port)", authority: certificate)
            let isReady = try await eventually(within: .seconds(20)) {
                try await Command.run("curl", ["-fs", "--cacert", certificate, "\(open.url)/readyz"]).status == 0
            }
            try #require(isReady, "\(log())")
            result = .success(try await body(open))
        } catch {
            result = .failure(error)
        }
        gateway.signal(SIGTERM)
        #expect(await gateway.status == 0, "\(log())")
        try result.get()
    }
}
