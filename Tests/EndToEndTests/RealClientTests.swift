import Foundation
import JSON
import PythonTesting
import Testing

extension EndToEnd {
    /// The programs that users have, through the gateway and TLS, against the whole service.
    @Suite(
        "users' own clients",
        .enabled("no python3 with requests, openapi-python-client and schemathesis") {
            await PythonEnvironment.clientsAreReady || PythonEnvironment.mustRun
        })
    struct RealClients {
        private static let scripts = PythonEnvironment.root.appending(path: "Tests/EndToEndTests/Clients").path
        private static let document = PythonEnvironment.root.appending(path: "openapi/openapi.json").path

        @Test("Python's requests: submit, follow, fetch, verify; refusals; links; ranges")
        func requests() async throws {
            try await withService { daemon, gateway in
                let (ann, ben) = (try await token("ann", daemon), try await token("ben", daemon))
                try await run(
                    "with_requests.py",
                    [gateway.url, gateway.authority, ann, ben] + files + [daemon.key])
            }
        }

        @Test("a client that is generated from the service's own document")
        func generated() async throws {
            try await withService { daemon, gateway in
                try await run(
                    "with_generated.py",
                    [gateway.url, gateway.authority, try await token("ann", daemon)] + files)
            }
        }

        @Test("curl, as the README shows it")
        func curl() async throws {
            try await withService { daemon, gateway in
                let bearer = ["-H", "authorization: Bearer \(try await token("ann", daemon))"]
                let seed = Examples.seed
                func ask(_ path: String, _ more: [String] = []) async throws -> Command.Result {
                    try await Command.run(
                        "curl",
                        ["-sS", "-m", "60", "--cacert", gateway.authority] + bearer + more + [gateway.url + path])
                }
                let submitted = try await ask(
                    "/submit_job_by_model_and_data",
                    [
                        "-F", "model=@\(seed.model)", "-F", "dataset=@\(seed.dataset)", "-F",
                        "dataset_definition=@\(seed.definition)", "-F", "epochs=2",
                    ])
                let id = try #require(try submitted.json["job_id"]?.stringValue, "\(submitted)")
                let events = try await ask("/v1/jobs/\(id)/events", ["-N"])
                #expect(events.text.contains("completed"), "\(events)")
                let folder = try Folder()
                let fetched = try await ask(
                    "/job_artifacts/\(id)/aibom.json?redirect=true", ["-L", "-o", folder.path("aibom.json")])
                #expect(fetched.status == 0, "\(fetched)")
                let own = try await daemon.fetch(id)
                #expect(try folder.read("aibom.json") == (try own.read("artifacts/aibom.json")))
                let plain = try await Command.run("curl", ["-sS", "-m", "10", "\(gateway.url)/healthz"])
                #expect(plain.status == 60, "a certificate of nobody's is not trusted")
            }
        }

        @Test("users of an identity provider: RS256 by the provider's URL, on a socket that a manager passed")
        func identity() async throws {
            try await Daemon.own(OpenGateway.daemonSettings) { daemon in
                try OpenGateway.letThrough(to: daemon)
                try await run(
                    "with_identity.py", ["\(Built.folder)/aibom-gateway", daemon.socket, OpenGateway.user])
            }
        }

        @Test("schemathesis, all checks on: both doors are what the document says", .timeLimit(.minutes(10)))
        func schemathesis() async throws {
            try await withService { daemon, gateway in
                let environment = ["REQUESTS_CA_BUNDLE": gateway.authority, "SSL_CERT_FILE": gateway.authority]
                let script = PythonEnvironment.root.appending(path: "Tests/APITests/Python/fuzz.py").path
                let result = try await PythonEnvironment.clients.run(
                    [script, Self.document, gateway.url, "-", try await token("ann", daemon), "10"],
                    environment: environment)
                #expect(result.status == 0, "\(result.output)")
                #expect(result.output.contains("Selected: 41/41"), "\(result.output.suffix(2000))")
            }
        }

        private var files: [String] {
            let seed = Examples.seed
            return [seed.model, seed.dataset, seed.definition]
        }

        private func withService(_ body: @Sendable (Daemon, OpenGateway) async throws -> Void) async throws {
            try await Daemon.own(OpenGateway.daemonSettings) { daemon in
                try await OpenGateway.inFront(of: daemon) { try await body(daemon, $0) }
            }
        }

        private func token(_ owner: String, _ daemon: Daemon) async throws -> String {
            let made = try await daemon.aibom("token", "create", "--role", "submitter", "--owner", owner)
            try #require(made.status == 0, "\(made)")
            return made.text.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        private func run(_ script: String, _ arguments: [String]) async throws {
            let result = try await PythonEnvironment.clients.run(["\(Self.scripts)/\(script)"] + arguments)
            #expect(result.status == 0, "\(result.output)")
        }
    }
}
