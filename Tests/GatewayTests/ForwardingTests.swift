import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Jobs
import NIOCore
import ServiceTesting
import Testing

@testable import Gateway

private let close = "connection: close\r\n\r\n"

@Suite("forwarding", .timeLimit(.minutes(1)))
struct ForwardingTests {
    @Test("passes a request and its answer on as they are")
    func passes() async throws {
        let supervisor = RecordingSupervisor { request in
            var headers: HTTPFields = [.contentType: "application/json", .location: "/v1/jobs/x"]
            headers[.retryAfter] = "7"
            return Response(
                status: .accepted, headers: headers, body: .init(byteBuffer: ByteBuffer(string: #"{"a":1}"#)))
        }
        try await RunningGateway.with(supervisor) { port in
            let answer = try await RawClient.ask(
                port,
                "POST /v1/jobs?x=%20y HTTP/1.1\r\nHost: example.org:8000\r\nIdempotency-Key: \"k\"\r\n"
                    + "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
                    + "content-type: application/json\r\nContent-Length: 2\r\n\(close){}")
            #expect(answer.status == 202)
            #expect(answer.header("location") == "/v1/jobs/x")
            #expect(answer.header("retry-after") == "7")
            #expect(answer.header("content-length") == "7")
            #expect(answer.body == #"{"a":1}"#)
        }
        let seen = try #require(supervisor.requests.first)
        #expect(seen.method == "POST" && seen.target == "/v1/jobs?x=%20y" && seen.bodyBytes == 2)
        #expect(seen.headers[try #require(HTTPField.Name("idempotency-key"))] == #""k""#)
        #expect(seen.headers[try #require(HTTPField.Name("traceparent"))]?.hasSuffix("b7-01") == true)
        #expect(seen.headers[try #require(HTTPField.Name("forwarded"))] == "for=127.0.0.1;proto=http")
    }

    @Test("never lets a user say who it is in the gateway's name")
    func claims() async throws {
        let supervisor = RecordingSupervisor()
        try await RunningGateway.with(supervisor) { port in
            let answer = try await RawClient.ask(
                port,
                "GET /v1/jobs HTTP/1.1\r\nHost: a\r\nAibom-Owner: oidc:me\r\naibom-ROLE: operator\r\nAIBOM-OWNER: uid:0\r\n"
                    + "Connection: close, X-Secret\r\nX-Secret: 1\r\nTE: trailers\r\nUpgrade: h2c\r\n\r\n")
            #expect(answer.status == 200)
        }
        let headers = try #require(supervisor.requests.first).headers
        for name in ["aibom-owner", "aibom-role", "x-secret", "te", "upgrade", "authorization"] {
            #expect(headers[try #require(HTTPField.Name(name))] == nil, "\(name)")
        }
    }

    @Test("forwards the service's tokens unread, to routes that ask who it is")
    func tokens() async throws {
        let supervisor = RecordingSupervisor()
        try await RunningGateway.with(supervisor) { port in
            for path in ["/v1/jobs", "/healthz"] {
                _ = try await RawClient.ask(
                    port, "GET \(path) HTTP/1.1\r\nHost: a\r\nAuthorization: bEaReR aibom_x.y\r\n\(close)")
            }
            for bad in ["Basic YQ==", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer", "aibom_x"] {
                let answer = try await RawClient.ask(
                    port, "GET /v1/jobs HTTP/1.1\r\nHost: a\r\nAuthorization: \(bad)\r\n\(close)")
                #expect(answer.status == 401, "\(bad)")
                #expect(answer.header("www-authenticate") == "Bearer")
                #expect(answer.header("content-type") == "application/problem+json")
            }
        }
        #expect(supervisor.requests.map { $0.headers[.authorization] } == ["bEaReR aibom_x.y", nil])
    }

    @Test(
        "answers what is not in the table itself",
        arguments: [
            ("GET", "/metrics/x", 404), ("GET", "/v1/jobs/../keys", 400), ("GET", "/v1/jobs/%2e%2e", 400),
            ("GET", "/v1/jobs/a%2fb", 400), ("GET", "/v1//jobs", 400), ("GET", "/v1/jobs/%zz", 400),
            ("GET", "http://x/v1/jobs", 400), ("PUT", "/v1/jobs", 405), ("CONNECT", "a:1", 400),
            ("TRACE", "/healthz", 405), ("GET", "/v1/jobs\\x", 400), ("DELETE", "/v1/blobs", 405),
            ("GET", "/developer/v1/jobs", 404), ("OPTIONS", "*", 400),
            ("GET", "/\(String(repeating: "a", count: 9000))", 414),
        ])
    func refuses(_ method: String, _ target: String, _ status: Int) async throws {
        let supervisor = RecordingSupervisor()
        try await RunningGateway.with(supervisor) { port in
            let answer = try await RawClient.ask(port, "\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(close)")
            #expect(answer.status == status, "\(answer)")
            #expect(answer.header("content-type") == "application/problem+json")
        }
        #expect(supervisor.requests.isEmpty)
    }

    @Test("keeps a connection for the next request, and answers requests that were sent at once in order")
    func keepsConnection() async throws {
        let supervisor = RecordingSupervisor { request in
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "<\(request.uri.path)>")))
        }
        try await RunningGateway.with(supervisor) { port in
            let client = try RawClient(port)
            await client.send("GET /v1/jobs HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client.read(until: "</v1/jobs>").hasPrefix("HTTP/1.1 200"))
            await client.send(
                "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
                    + "GET /v1/keys HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\(close)")
            let answers = await client.readAll()
            let order = ["</v1/jobs>", "</v1/keys>", "</healthz>"].compactMap { answers.range(of: $0)?.lowerBound }
            #expect(order.count == 3 && order == order.sorted())
        }
    }

    @Test("sends events on as they come, and ends when the user goes")
    func events() async throws {
        let (ended, end) = AsyncStream.makeStream(of: Never.self)
        let supervisor = RecordingSupervisor { _ in
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream"],
                body: ResponseBody { writer in
                    defer { end.finish() }
                    // The supervisor hears of a lost reader when it writes.
                    while true {
                        try await writer.write(ByteBuffer(string: "id: 1\n\n"))
                        try await Task.sleep(for: .milliseconds(100))
                    }
                })
        }
        try await RunningGateway.with(supervisor) { port in
            var client: RawClient? = try RawClient(port)
            await client?.send("GET /v1/jobs/x/events HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client?.read(until: "id: 1").contains("id: 1") == true)
            client = nil
            for await _ in ended {}  // the supervisor hears of it: or the test's time limit does
        }
    }

    @Test("says when the supervisor is not there")
    func unavailable() async throws {
        try await RunningGateway.with(supervisor: "/tmp/aibom-nobody-\(UUID().uuidString)") { port in
            let answer = try await RawClient.ask(port, "GET /readyz HTTP/1.1\r\nHost: a\r\n\(close)")
            #expect(answer.status == 503)
            #expect(answer.header("retry-after") == "5")
        }
    }

    @Test("answers what the interface's description says, and no more")
    func described() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = Array(try Data(contentsOf: root.appending(path: "openapi/openapi.json")))
        let paths = try #require(
            try JSON.parse(bytes, limits: .init(bytes: 4 << 20, depth: 64, values: 100_000))["paths"]?.objectValue)
        var described: Set<String> = []
        for path in paths.members {
            for method in path.value.objectValue?.keys ?? [] { described.insert("\(method.uppercased()) \(path.key)") }
        }
        let served = RouteTable().routes.map { route in
            let parts = route.template.map { $0.hasPrefix(":") ? "{}" : String($0) }
            return "\(route.method) /\(parts.joined(separator: "/"))"
        }
        let names = described.map { $0.replacing(/\{[a-z_]+\}/, with: "{}") }
        #expect(Set(served) == Set(names))
    }

    @Test("passes every answer on that comes before the body was read, and whole")
    func earlyAnswers() async throws {
        let supervisor = RecordingSupervisor(readsBodies: false) { _ in
            Response(status: .tooManyRequests, body: .init(byteBuffer: ByteBuffer(string: "{\"enough\":true}")))
        }
        try await RunningGateway.with(supervisor) { port in
            var client = try RawClient(port)
            for number in 0..<400 {
                await client.send(
                    "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                )
                let answer = RawAnswer(await client.read(until: "true}"))
                try #require(answer.status == 429 && answer.body.contains("{\"enough\":true}"), "\(number): \(answer)")
                if answer.header("connection") == "close" { client = try RawClient(port) }
            }
        }
    }

    @Test("does not answer HEAD with a body")
    func head() async throws {
        let supervisor = RecordingSupervisor { _ in Response(status: .ok, headers: [.contentLength: "1000"]) }
        try await RunningGateway.with(supervisor) { port in
            let answer = try await RawClient.ask(
                port, "HEAD /v1/jobs/x/artifacts/y HTTP/1.1\r\nHost: a\r\n\(close)")
            #expect(answer.status == 200)
            #expect(answer.header("content-length") == "1000")
            #expect(answer.header("transfer-encoding") == nil)
            #expect(answer.body.isEmpty)
        }
    }
}
