import API
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import Measure
import NIOCore
import PythonTesting
import ServiceTesting
import Synchronization
import Testing

/// The document says what the service does, all of it, and nothing else.
@Suite("the OpenAPI document")
struct OpenAPITests {
    private static func document() throws -> JSON {
        try JSON.parse(
            [UInt8](Data(contentsOf: PythonEnvironment.root.appending(path: "openapi/openapi.json"))), limits: .document
        )
    }

    /// `GET /v1/jobs`, with the operation.
    private static func operations() throws -> [String: JSON] {
        var operations: [String: JSON] = [:]
        for path in try document()["paths"]?.objectValue?.members ?? [] {
            for method in path.value.objectValue?.members ?? [] {
                operations["\(method.key.uppercased()) \(path.key)"] = method.value
            }
        }
        return operations
    }

    @Test("has every route, and the service has every one of its operations but the gateway's")
    func complete() throws {
        let documented = try Self.operations().filter { $0.value["x-aibom-door"] != "gateway" }
        let routes = Routes.table(of: FakeService()).routes.filter { $0.method != .head }
        let registered = Set(routes.map { "\($0.method) \($0.template)" })
        #expect(Set(documented.keys) == registered)
        #expect(registered.count >= 18)
    }

    @Test("has the seed's four endpoints, and the same under /developer")
    func seed() throws {
        let operations = try Self.operations()
        let routes = [
            "POST /submit_job_by_model_and_data", "GET /job_status/{job_id}", "GET /job_artifacts/{job_id}",
            "GET /job_artifacts/{job_id}/{artifact_name}",
        ]
        for route in routes {
            let twin = route.replacing(" /", with: " /developer/")
            for name in [route, twin] { #expect(operations[name]?["x-aibom-door"] == "gateway", "\(name)") }
        }
        let fields = try Self.document()["components"]?["schemas"]?["SeedSubmission"]?["properties"]?.objectValue?.keys
        #expect(fields?.count == 3 + 1 + Metadata.Field.allCases.count + 7)
    }

    @Test("says of every query parameter what the service takes")
    func queries() throws {
        for (name, operation) in try Self.operations() where name.hasPrefix("GET ") && operation["x-aibom-door"] == nil
        {
            let parameters = operation["parameters"]?.arrayValue ?? []
            let documented = parameters.filter { $0["in"] == "query" }.compactMap { $0["name"]?.stringValue }
            #expect(Set(documented) == Set(Routes.queryParameters(of: String(name.dropFirst(4)))), "\(name)")
        }
    }

    @Test("is served as it is checked in, with the page that shows it")
    func served() async throws {
        let written = try Data(contentsOf: PythonEnvironment.root.appending(path: "openapi/openapi.json"))
        try await withRoutes(of: FakeService()) { client in
            let answer = try await client.execute(uri: "/openapi.json", method: .get)
            #expect(Data(answer.body.readableBytesView) == written)
            let page = try await client.execute(uri: "/docs", method: .get)
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.matches(of: /'sha256-[A-Za-z0-9+\/]{43}='/).count == 2)
            #expect(!policy.contains("unsafe"))
            let text = String(buffer: page.body)
            // Nothing that the policy would stop, and nothing from elsewhere.
            #expect(text.matches(of: #/ on[a-z]+=| style=|javascript:|https?:/#).isEmpty)
            #expect(text.matches(of: #/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(/#).isEmpty)
        }
    }
}

/// Answers of the service, looked at by other people's programs.
@Suite(
    "real answers",
    .enabled("no python3 with the checkers") { await Checker.isReady || PythonEnvironment.mustRun },
    .timeLimit(.minutes(3)))
struct AnswerTests {
    @Test("are what the document says")
    func documented() async throws {
        let answers = Answers()
        let service = FakeService(events: [.state(.queued, attempt: 1), .note("x"), .state(.failed, attempt: 1)])
        let peer = Peer(0)
        try await withRoutes(of: service, as: peer, gatewayStates: [.submitter, .auditor]) { client in
            let id = try await submit(client)
            for path in [
                "/v1/jobs?limit=1&state=queued,running", "/v1/rootfs", "/v1/policies", "/v1/keys", "/v1/keys/history",
                "/v1/status",
                "/metrics", "/healthz",
                "/readyz", "/openapi.json", "/docs", "/v1/jobs?limt=1", "/v1/jobs?state=runing",
            ] {
                try await answers.note(client, .get, path)
            }
            for part in [
                "", "/events", "", "/logs?offset=3", "/artifacts", "/artifacts/metrics.json", "/artifacts/none",
            ] {
                try await answers.note(client, .get, "/v1/jobs/\(id)\(part)")
            }
            let artifact = "/v1/jobs/\(id)/artifacts/metrics.json"
            try await answers.note(client, .get, artifact, [.range: "bytes=1-2"])
            try await answers.note(client, .get, artifact, [.range: "bytes=99-"])
            try await answers.note(client, .get, artifact, [.ifNoneMatch: "*"])
            try await answers.note(client, .get, artifact, [.ifMatch: "\"x\""])
            try await answers.note(client, .post, "/v1/blobs", body: ByteBuffer(string: "x"))
            try await answers.note(client, .post, "/v1/blobs", body: ByteBuffer(repeating: 0, count: 1 << 20 | 1))
            try await answers.note(client, .post, "/v1/jobs", jsonType, body: requestBody())
            try await answers.note(client, .post, "/v1/jobs", jsonType, body: requestBody(rootfs: "../x"))
            try await answers.note(client, .post, "/v1/jobs", body: requestBody())
            try await answers.note(client, .post, "/v1/jobs/\(id)/cancel")
            try await answers.note(client, .delete, "/v1/jobs/\(id)/inputs")
            try await answers.note(client, .post, "/v1/jobs/\(id)/artifacts/metrics.json/link")
            try await answers.note(client, .get, "\(artifact)?expires=1&signature=\(digest)")
            let token = ByteBuffer(string: #"{"owner":"ann","role":"auditor","expires":null}"#)
            try await answers.note(client, .post, "/v1/tokens", jsonType, body: token)
            try await answers.note(client, .post, "/v1/tokens", jsonType, body: ByteBuffer(string: "{}"))
            try await answers.note(client, .get, "/v1/tokens")
            for id in ["0000000000000000", "1111111111111111"] {
                try await answers.note(client, .delete, "/v1/tokens/\(id)")
            }
            peer.become(gatewayUser)
            try await answers.note(client, .get, "/v1/status", statement("oidc:a", .submitter))
            try await answers.note(client, .get, "/v1/jobs")
            try await answers.note(client, .get, "/metrics", statement("oidc:a", .submitter))
            service.fail(with: .unavailable("no rootfs is built", remedy: "build one"))
            peer.become(0)
            for path in ["/readyz", "/v1/status"] { try await answers.note(client, .get, path) }
        }
        let result = try await Checker.run(
            "check_answers.py", ["openapi/openapi.json"], input: JSON.array(answers.all).compactBytes())
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("\(answers.all.count) answers looked at"))
    }

    @Test(
        "the checker sees what is not as documented",
        arguments: [
            #"[{"method":"GET","route":"/healthz","status":200,"type":"application/json","fields":{},"body":"{\"status\":\"dead\"}"}]"#,
            #"[{"method":"GET","route":"/healthz","status":418,"type":"text/plain","fields":{},"body":"x"}]"#,
            #"[{"method":"PUT","route":"/healthz","status":200,"type":"text/plain","fields":{},"body":"x"}]"#,
        ])
    func detector(answers: String) async throws {
        #expect(
            try await Checker.run("check_answers.py", ["openapi/openapi.json"], input: Array(answers.utf8)).status == 1)
    }

    @Test("to Prometheus are what its own parser reads")
    func metrics() async throws {
        let service = FakeService()
        let page = Mutex("")
        try await withRoutes(of: service) { client in
            let id = try await submit(client)
            for path in ["/v1/jobs/\(id)", "/v1/jobs/nothing", "/nowhere/\u{22}"] {
                _ = try await client.execute(uri: path, method: .get)
            }
            _ = try await client.execute(uri: "/v1/blobs", method: .post, body: ByteBuffer(string: "four"))
            service.metrics.denied()
            let job = try await service.job(#require(JobID(id)))
            service.metrics.ended(
                Job(
                    id: job.id, owner: job.owner, state: .failed, rootfs: job.rootfs, policy: job.policy, inputs: [],
                    parameters: [],
                    metadata: Metadata(),
                    times: [.received: Instant(milliseconds: 0), .failed: Instant(milliseconds: 90_500)]))
            let answer = try await client.execute(uri: "/metrics", method: .get)
            #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            page.withLock { $0 = String(buffer: answer.body) }
            #expect(!String(buffer: answer.body).contains(id))
        }
        let result = try await Checker.run("check_metrics.py", [], input: Array(page.withLock { $0 }.utf8))
        #expect(result.status == 0, "\(result.output)")
        let samples = try result.output.split(separator: "\n").map { try JSON.parse(Array($0.utf8), limits: .document) }
        func value(_ name: String, _ labels: JSON = [:]) -> Double? {
            samples.first { $0["name"]?.stringValue == name && $0["labels"] == labels }?["value"]?.doubleValue
        }
        #expect(value("aibom_jobs_total", ["outcome": "failed"]) == 1)
        #expect(value("aibom_jobs_queued") == 1)
        #expect(value("aibom_job_duration_seconds_sum") == 90.5)
        #expect(value("aibom_job_duration_seconds_bucket", ["le": "300"]) == 1)
        #expect(value("aibom_uploaded_bytes_total") == 4)
        #expect(value("aibom_denied_calls_total") == 1)
        #expect(value("aibom_build_info", ["version": "0.1.0"]) == 1)
        #expect(value("aibom_process_resident_memory_bytes").map { $0 > 1_048_576 } == true)
        #expect(value("aibom_process_open_descriptors").map { $0 >= 3 } == true)
        let labels: JSON = ["route": "/v1/jobs/{id}", "method": "GET", "code": "200"]
        #expect(value("aibom_http_request_duration_seconds_count", labels) == 1)
        #expect(
            value("aibom_http_request_duration_seconds_count", ["route": "none", "method": "GET", "code": "404"]) == 1)
    }

    @Test(
        "the parser's test sees a page that is wrong",
        arguments: [
            "x 1\n", "# HELP x X.\n# TYPE x gauge\nx 1",
            "# HELP x_total X.\n# TYPE x_total counter\nx_total{a=\"b} 1\n",
            "# HELP x X.\n# TYPE x histogram\nx_bucket{le=\"1\"} 3\nx_bucket{le=\"+Inf\"} 2\nx_sum 1\nx_count 2\n",
        ])
    func metricsDetector(page: String) async throws {
        #expect(try await Checker.run("check_metrics.py", [], input: Array(page.utf8)).status != 0)
    }
}

/// The programs beside the tests.
enum Checker {
    static var isReady: Bool { get async { await PythonEnvironment.clientsAreReady } }

    static func run(_ script: String, _ arguments: [String], input: [UInt8] = []) async throws
        -> PythonEnvironment.Outcome
    {
        let folder = PythonEnvironment.root.appending(path: "Tests/APITests/Python")
        let arguments = arguments.map {
            $0.contains("/openapi.json") && !$0.hasPrefix("/") ? PythonEnvironment.root.appending(path: $0).path : $0
        }
        return try await PythonEnvironment.clients.run([folder.appending(path: script).path] + arguments, input: input)
    }
}

/// What a service answered, as the checker reads it.
final class Answers: Sendable {
    private let noted = Mutex<[JSON]>([])
    private let table = Routes.table(of: FakeService())

    var all: [JSON] { noted.withLock { $0 } }

    func note(
        _ client: any TestClientProtocol, _ method: HTTPRequest.Method, _ uri: String, _ headers: HTTPFields = [:],
        body: ByteBuffer? = nil
    ) async throws {
        let answer = try await client.execute(uri: uri, method: method, headers: headers, body: body)
        var fields = JSONObject()
        for field in answer.headers { fields[field.name.rawName] = .string(field.value) }
        let text = String(buffer: answer.body)
        let path = String(uri.split(separator: "?")[0])
        let template = try #require(table.template(of: path))
        noted.withLock {
            $0.append([
                "method": .string(method.rawValue), "route": .string(template),
                "status": .integer(Int64(answer.status.code)),
                "type": .string(answer.headers[.contentType] ?? ""), "fields": .object(fields),
                "body": text.isEmpty ? .null : .string(text),
            ])
        }
    }
}
