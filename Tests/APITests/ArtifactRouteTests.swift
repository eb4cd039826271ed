import API
import HTTPTypes
import HummingbirdTesting
import Jobs
import Measure
import NIOCore
import ServiceTesting
import Synchronization
import Testing

@Suite("artifact routes")
struct ArtifactRouteTests {
    static let tag = "\"\(FakeService.metrics.blob.digest.hex)\""

    private func ask(
        _ fields: [HTTPField.Name: String], method: HTTPRequest.Method = .get,
        _ check: @Sendable @escaping (TestResponse) throws -> Void
    ) async throws {
        var headers = HTTPFields()
        for (name, value) in fields { headers[name] = value }
        try await withRoutes(of: FakeService()) { [headers] client in
            let id = try await submit(client)
            let path = "/v1/jobs/\(id)/artifacts/metrics.json"
            try check(try await client.execute(uri: path, method: method, headers: headers))
        }
    }

    @Test("say what they send, and how it may be read")
    func fields() async throws {
        try await ask([:]) { response in
            #expect(response.headers[.eTag] == Self.tag)
            #expect(response.headers[.acceptRanges] == "bytes")
            #expect(response.headers[.contentType] == "application/json")
            #expect(response.headers[.contentDisposition] == "attachment; filename=\"metrics.json\"")
            #expect(response.headers[.contentRange] == nil)
        }
    }

    @Test(
        "send a part, with the digest of the whole",
        arguments: [("bytes=2-5", 2..<6), ("bytes=-4", 10..<14), ("bytes=9-", 9..<14)])
    func part(range: String, part: Range<Int>) async throws {
        try await ask([.range: range]) { response in
            #expect(response.status == .partialContent)
            #expect(Array(response.body.readableBytesView) == Array(FakeService.metricsBytes[part]))
            #expect(response.headers[.contentRange] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/14")
            #expect(response.headers[.contentLength] == "\(part.count)")
            let digest = try #require(HTTPField.Name("Repr-Digest"))
            #expect(response.headers[digest]?.hasPrefix("sha-256=:8ztJ5C11") == true)
        }
    }

    @Test("refuse a part that is not there, and say how much is")
    func unsatisfiable() async throws {
        try await ask([.range: "bytes=14-"]) { response in
            let problem = try response.problem()
            #expect(problem.status == 416)
            #expect(response.headers[.contentRange] == "bytes */14")
        }
    }

    @Test("send all when the reader's part is of something else, or of several pieces")
    func whole() async throws {
        for fields: [HTTPField.Name: String] in [
            [.range: "bytes=0-1", .ifRange: "\"other\""], [.range: "bytes=0-1", .ifRange: "W/\(Self.tag)"],
            [.range: "bytes=0-1,3-4"], [.range: "lines=0-1"],
        ] {
            try await ask(fields) { response in
                #expect(response.status == .ok)
                #expect(Array(response.body.readableBytesView) == FakeService.metricsBytes)
            }
        }
        try await ask([.range: "bytes=0-1", .ifRange: Self.tag]) { #expect($0.status == .partialContent) }
    }

    @Test("send nothing to a reader who has it")
    func notModified() async throws {
        for method in [HTTPRequest.Method.get, .head] {
            try await ask([.ifNoneMatch: "\"x\", W/\(Self.tag)", .range: "bytes=99-"], method: method) { response in
                #expect(response.status == .notModified)
                #expect(response.headers[.eTag] == Self.tag)
                #expect(response.headers[.contentLength] == nil)
                #expect(response.body.readableBytes == 0)
            }
        }
        try await ask([.ifMatch: "\"x\""]) { response in
            let problem = try response.problem()
            #expect(problem.status == 412)
        }
    }

    @Test("say to HEAD what they would say to GET")
    func head() async throws {
        try await ask([.range: "bytes=1-2"], method: .head) { response in
            #expect(response.status == .ok)
            #expect(response.headers[.contentLength] == "14")
            #expect(response.headers[.eTag] == Self.tag)
            #expect(response.body.readableBytes == 0)
        }
    }

    @Test(
        "are saved under a name that does nothing",
        arguments: [
            ("a b.keras", "filename=\"a_b.keras\"; filename*=UTF-8''a%20b.keras"),
            ("..\u{202e}x\"\r\n/etc", "filename=\"_x____etc\"; filename*=UTF-8''..%E2%80%AEx%22%0D%0A%2Fetc"),
            (".bashrc", "filename=\"bashrc\"; filename*=UTF-8''.bashrc"),
            ("...", "filename=\"artifact\"; filename*=UTF-8''..."),
        ])
    func disposition(name: String, expected: String) async throws {
        let service = FakeService()
        let blob = Blob(digest: Digest.of([1]), size: 1)
        service.state.withLock { $0.artifacts = [(Artifact(name: name, role: .output, blob: blob), [1])] }
        try await withRoutes(of: service) { client in
            let id = try await submit(client)
            let encoded = name.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let response = try await client.execute(uri: "/v1/jobs/\(id)/artifacts/\(encoded)", method: .get)
            #expect(response.headers[.contentDisposition] == "attachment; \(expected)")
            #expect(response.headers[.contentType] == "application/octet-stream")
        }
    }
}
