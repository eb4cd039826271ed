import Foundation
import JSON
import ManagerTesting
import Testing

extension EndToEnd {
    /// How the gateway lives as a service beside its supervisor.
    @Suite("the gateway's service")
    struct GatewayLife {
        private static let user = "65532"

        @Test("starts with its unit's capabilities and no others, tells its manager how it is, and stops in order")
        func underItsUnit() async throws {
            let folder = try Folder()
            let manager = try FakeServiceManager()
            let unit = try Unit("aibom-gateway.service")
            try await Daemon.own(["--set", "gateway.user=\(Self.user)"]) { daemon in
                try OpenGateway.letThrough(to: daemon)
                let listen = "127.0.0.1:\(try Self.freePort())"
                let config = try folder.write(
                    """
                    {"socket": "\(daemon.socket)", "log": {"format": "json"},
                     "gateway": {"listen": "\(listen)", "user": "\(Self.user)"}}
                    """, as: "config.json")
                let gateway = try Spawned(
                    "setpriv",
                    [
                        "--bounding-set", unit.boundingSet, "--inh-caps", "-all", "--no-new-privs",
                        "\(Built.folder)/aibom-gateway", "--config", config,
                    ],
                    environment: Command.path.merging(
                        ["NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "400000"]) { $1 },
                    out: folder.path("log"), err: folder.path("log"))
                let ready = manager.next()
                #expect(
                    ready?.first == "READY=1",
                    "\((try? folder.read("log")).map { String(decoding: $0, as: UTF8.self) } ?? "")")
                for _ in 0..<3 { #expect(manager.next() == ["WATCHDOG=1"]) }

                let answer = try await Command.run("curl", ["-s", "-m", "10", "http://\(listen)/readyz"])
                #expect(answer.text.contains("ready"), "\(answer)")
                let found = try await Command.run(
                    Built.aibom,
                    [
                        "doctor", "--json", "--config", config, "--set", "state=\(daemon.state)", "--set",
                        "rootfs=\(daemon.cache)",
                    ])
                let line = try found.json["findings"]?.arrayValue?.first { $0["name"] == "gateway" }
                #expect(line?["status"] == "ok", "\(found)")

                gateway.signal(SIGHUP)
                gateway.signal(SIGTERM)
                #expect(await gateway.status == 0)
                var last: [String] = []
                while let message = manager.nextNow() { if message != ["WATCHDOG=1"] { last = message } }
                #expect(
                    last == ["STOPPING=1", "STATUS=requests under way are answered", "EXTEND_TIMEOUT_USEC=20000000"])

                let gone = try await Command.run(Built.aibom, ["doctor", "--json", "--config", config])
                let missing = try gone.json["findings"]?.arrayValue?.first { $0["name"] == "gateway" }
                #expect(missing?["status"] == "warning", "\(gone)")
            }
        }

        @Test("does not start with a mistake in its settings, and says all of them")
        func mistakes() async throws {
            let folder = try Folder()
            let config = try folder.write(
                "{\"gateway\": {\n\"listn\": \"127.0.0.1:1\",\n\"tls_key\": \"/k\"},\n\"limits\": {\"uploads\": 0}}",
                as: "config.json")
            let run = try await Command.run("\(Built.folder)/aibom-gateway", ["--config", config])
            #expect(run.status == 2)
            let lines = run.err.split(separator: "\n")
            #expect(lines.count == 3, "\(run)")
            #expect(
                lines.first?.hasSuffix("config.json:2: error: gateway.listn is not known; did you mean listen?") == true
            )
            #expect(
                run.err.contains("config.json:4: error: limits.uploads is 0; write a whole number of uploads from 1"))
            #expect(run.err.contains("config.json:3: error: gateway.tls_key has no certificate; "))
        }

        /// A port that nobody listens at now.
        private static func freePort() throws -> Int {
            let services = try Services()
            return services.port
        }
    }
}
