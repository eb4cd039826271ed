import API
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import Measure
import NIOCore
import ServiceTesting
import Synchronization
import Testing

@Suite("job routes")
struct JobRouteTests {
    @Test("accept a job and say where it is")
    func accept() async throws {
        try await withRoutes(of: FakeService()) { client in
            try await client.execute(uri: "/v1/jobs", method: .post, headers: jsonType, body: requestBody()) {
                response in
                #expect(response.status == .accepted)
                let job = try #require(Job(json: response.json))
                #expect(response.headers[.location] == "/v1/jobs/\(job.id)")
                #expect(job.owner == "uid:0")
                #expect(job.metadata[.modelName] == "wine")
                #expect(job.inputs.map(\.input.fileName.text) == ["m.keras"])
            }
        }
    }

    @Test("answer the same job to the same key, quoted or bare, and refuse another request")
    func honourKey() async throws {
        try await withRoutes(of: FakeService()) { client in
            var ids: [String?] = []
            for key in ["\"k 1\"", "\"k 1\"", "k 1"] {
                let response = try await client.execute(
                    uri: "/v1/jobs", method: .post, headers: withKey(key), body: requestBody())
                #expect(response.status == .accepted)
                ids.append(try response.json["job_id"]?.stringValue)
            }
            #expect(Set(ids).count == 1)
            let other = try await client.execute(
                uri: "/v1/jobs", method: .post, headers: withKey("\"k 1\""), body: requestBody(rootfs: "torch"))
            let problem = try other.problem()
            #expect(problem.type == "urn:aibom:problem:idempotency-key-reused")
            #expect(problem.status == 422)
        }
    }

    @Test("store what comes along with a job, each input under its digest, and count it as uploaded")
    func parcel() async throws {
        let service = FakeService()
        let files: [InputRole: [UInt8]] = [.model: Array("m\n".utf8), .definition: Array("d\n".utf8)]
        let parcel = try Self.parcel(files) { Digest.of(files[$0] ?? Array("stored".utf8)) }
        try await withRoutes(of: service) { client in
            let answer = try await client.execute(
                uri: "/v1/jobs", method: .post, headers: Self.parcelType, body: ByteBuffer(bytes: parcel.body))
            #expect(answer.status == .accepted)
        }
        #expect(service.state.withLock(\.jobs).first?.inputs.map(\.input) == parcel.request.inputs)
        #expect(service.state.withLock(\.blobs) == Dictionary(files.values.map { (Digest.of($0), $0) }) { $1 })
    }

    @Test("refuse bytes that are not those of the digest, and a parcel that does not read")
    func wrongParcel() async throws {
        let service = FakeService()
        let parcel = try Self.parcel([.model: [1], .dataset: [2]]) { $0 == .model ? Digest.of([1]) : Digest.of([3]) }
        try await withRoutes(of: service) { client in
            for (body, status, field) in [
                (parcel.body, 422, "inputs.dataset.sha256"), (parcel.body.dropLast(), 422, "inputs"),
                ([UInt8](repeating: 0x20, count: 400_000), 413, nil), (Array("{".utf8), 400, nil),
            ] as [([UInt8], Int, String?)] {
                let answer = try await client.execute(
                    uri: "/v1/jobs", method: .post, headers: Self.parcelType, body: ByteBuffer(bytes: body))
                let problem = try answer.problem()
                #expect(problem.status == status)
                if let field { #expect(problem.field == field) }
            }
        }
        #expect(service.state.withLock(\.jobs).isEmpty)
    }

    private static let parcelType: HTTPFields = [.contentType: JobParcel.mediaType]

    private static func parcel(_ files: [InputRole: [UInt8]], _ digest: (InputRole) -> Digest) throws -> JobParcel {
        let inputs = try InputRole.allCases.map {
            JobInput(role: $0, fileName: try FileName("a.b", field: "file_name"), digest: digest($0))
        }
        return JobParcel(JobRequest(rootfs: "keras", policy: "strict", inputs: inputs), with: files)
    }

    @Test(
        "refuse a key that is none",
        arguments: ["\"\"", "a\"b", "\"caf\u{e9}\"", "\"\(String(repeating: "k", count: 256))\""])
    func refuseKey(key: String) async throws {
        try await withRoutes(of: FakeService()) { client in
            let response = try await client.execute(
                uri: "/v1/jobs", method: .post, headers: withKey(key), body: requestBody())
            #expect(try response.problem().status == 400)
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let body: String
        let status: Int
        var field: String?
        var testDescription: String { String(body.prefix(60)) }
    }

    @Test(
        "refuse a body",
        arguments: [
            Refusal(body: "", status: 400), Refusal(body: "{", status: 400),
            Refusal(body: #"{"rootfs":"a","rootfs":"b"}"#, status: 400),
            Refusal(body: String(repeating: "[", count: 100_000), status: 400),
            Refusal(body: #"{"rootfs":"\#(String(repeating: "a", count: 300_000))"}"#, status: 413),
            Refusal(body: "[]", status: 422), Refusal(body: #"{"rootfs":"../x"}"#, status: 422, field: "rootfs"),
            Refusal(
                body:
                    #"{"rootfs":"a","policy":"b","inputs":{"model":{"file_name":"../../etc/passwd","sha256":"\#(digest)"}}}"#,
                status: 422, field: "inputs.model.file_name"),
            Refusal(
                body: #"{"rootfs":"a","policy":"b","inputs":{},"metadata":{"model_nmae":"x"}}"#, status: 422,
                field: "metadata.model_nmae"),
        ])
    func refuseBody(refusal: Refusal) async throws {
        try await withRoutes(of: FakeService()) { client in
            let response = try await client.execute(
                uri: "/v1/jobs", method: .post, headers: jsonType, body: ByteBuffer(string: refusal.body))
            let problem = try response.problem()
            #expect(problem.status == refusal.status)
            if let field = refusal.field { #expect(problem.field == field) }
            #expect(problem.instance == "/v1/jobs")
        }
    }

    @Test("refuse a body that is not said to be JSON")
    func refuseType() async throws {
        try await withRoutes(of: FakeService()) { client in
            let response = try await client.execute(uri: "/v1/jobs", method: .post, body: requestBody())
            #expect(try response.problem().status == 415)
        }
    }

    @Test("list the newest first, by page")
    func list() async throws {
        try await withRoutes(of: FakeService()) { client in
            let (first, second) = (try await submit(client), try await submit(client))
            func ids(_ query: String) async throws -> [String?] {
                let response = try await client.execute(uri: "/v1/jobs\(query)", method: .get)
                return try #require(try response.json["jobs"]?.arrayValue).map { $0["job_id"]?.stringValue }
            }
            #expect(try await ids("") == [second, first])
            #expect(try await ids("?limit=1") == [second])
            #expect(try await ids("?limit=1&after=\(second)") == [first])
            for query in ["?limit=0", "?limit=1001", "?limit=x", "?after=1"] {
                let response = try await client.execute(uri: "/v1/jobs\(query)", method: .get)
                #expect(try response.problem().status == 400)
            }
        }
    }

    @Test("show and cancel a job, and know one that is not there")
    func showAndCancel() async throws {
        try await withRoutes(of: FakeService()) { client in
            let id = try await submit(client)
            #expect(try await client.execute(uri: "/v1/jobs/\(id)", method: .get).json["job_id"]?.stringValue == id)
            #expect(try await client.execute(uri: "/v1/jobs/\(id)/cancel", method: .post).status == .accepted)
            for missing in [JobIDSource().next().description, "x", "..%2f..%2fetc"] {
                let response = try await client.execute(uri: "/v1/jobs/\(missing)", method: .get)
                #expect(try response.problem().title == "There is no such job")
            }
        }
    }
}
