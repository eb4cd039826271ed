import API
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import Measure
import NIOCore
import ServiceTesting
import Testing

@Suite("data routes")
struct DataRouteTests {
    @Test("store a body and answer its digest", arguments: [0, 1, 100_000, 1 << 20])
    func upload(size: Int) async throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        try await withRoutes(of: FakeService()) { client in
            let response = try await client.execute(uri: "/v1/blobs", method: .post, body: ByteBuffer(bytes: bytes))
            #expect(response.status == .created)
            #expect(Blob(json: try response.json) == Blob(digest: Digest.of(bytes), size: UInt64(size)))
        }
    }

    @Test("refuse a body that is too large, and say what would not be")
    func uploadTooLarge() async throws {
        try await withRoutes(of: FakeService()) { client in
            let body = ByteBuffer(repeating: 1, count: 1 << 20 | 1)
            let problem = try await client.execute(uri: "/v1/blobs", method: .post, body: body).problem()
            #expect(problem.status == 413)
            #expect(problem.limit == 1_048_576)
        }
    }

    @Test("give an artifact with its length and digest before it")
    func artifact() async throws {
        try await withRoutes(of: FakeService()) { client in
            let id = try await submit(client)
            let response = try await client.execute(uri: "/v1/jobs/\(id)/artifacts/metrics.json", method: .get)
            #expect(Array(response.body.readableBytesView) == FakeService.metricsBytes)
            #expect(response.headers[.contentLength] == "14")
            let name = try #require(HTTPField.Name("Repr-Digest"))
            // printf '{"loss":[0.5]}' | openssl dgst -sha256 -binary | base64
            #expect(response.headers[name] == "sha-256=:\(reference):")
            #expect(response.headers[.xContentTypeOptions] == "nosniff")
            let list = try await client.execute(uri: "/v1/jobs/\(id)/artifacts", method: .get).json
            #expect(list["artifacts"]?.arrayValue?.compactMap(Artifact.init(json:)) == [FakeService.metrics])
            let missing = try await client.execute(uri: "/v1/jobs/\(id)/artifacts/..%2fkey.pem", method: .get)
            #expect(try missing.problem().title == "There is no such artifact")
        }
    }

    @Test("give a log from an offset on")
    func log() async throws {
        try await withRoutes(of: FakeService()) { client in
            let id = try await submit(client)
            let all = try await client.execute(uri: "/v1/jobs/\(id)/logs", method: .get)
            #expect(String(buffer: all.body) == "epoch 1\nepoch 2\n")
            #expect(all.headers[.contentType] == "text/plain; charset=utf-8")
            let rest = try await client.execute(uri: "/v1/jobs/\(id)/logs?offset=8", method: .get)
            #expect(String(buffer: rest.body) == "epoch 2\n")
            let wrong = try await client.execute(uri: "/v1/jobs/\(id)/logs?offset=-1", method: .get)
            #expect(try wrong.problem().status == 400)
        }
    }

    @Test("send events by number, and again from a number on")
    func events() async throws {
        let kinds: [JobEvent.Kind] = [.state(.queued, attempt: 1), .note("a\nb"), .state(.completed, attempt: 1)]
        try await withRoutes(of: FakeService(events: kinds)) { client in
            let id = try await submit(client)
            let all = try await client.execute(uri: "/v1/jobs/\(id)/events", method: .get)
            #expect(all.headers[.contentType] == "text/event-stream")
            let blocks = String(buffer: all.body).split(separator: "\n\n")
            #expect(blocks.count == 3)
            #expect(blocks[1].split(separator: "\n").map { $0.prefix(5) } == ["id: 2", "event", "data:"])
            let name = try #require(HTTPField.Name("Last-Event-ID"))
            let rest = try await client.execute(uri: "/v1/jobs/\(id)/events", method: .get, headers: [name: "2"])
            #expect(String(buffer: rest.body).hasPrefix("id: 3\nevent: state\ndata: {"))
            let wrong = try await client.execute(uri: "/v1/jobs/\(id)/events", method: .get, headers: [name: "x"])
            #expect(try wrong.problem().status == 400)
        }
    }

    @Test("list what can be asked for, and say how the service is")
    func catalogue() async throws {
        let service = FakeService()
        try await withRoutes(of: service) { client in
            let answers = [
                ("/v1/rootfs", #""name": "keras""#), ("/v1/policies", #""name": "strict""#),
                ("/v1/keys", #""algorithm": "ecdsa-p256""#), ("/healthz", "alive"), ("/readyz", "ready"),
            ]
            for (path, text) in answers {
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.status == .ok)
                #expect(String(buffer: response.body).contains(text))
            }
            service.fail(with: .unavailable("no rootfs is built", remedy: "aibom rootfs build"))
            #expect(try await client.execute(uri: "/readyz", method: .get).problem().status == 503)
            #expect(try await client.execute(uri: "/healthz", method: .get).status == .ok)
        }
    }
}

private let reference = "8ztJ5C11Jaby0WIYDKrX9n70278vXKxPUjRXaG/0hMQ="
