import API
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Jobs
import Measure
import NIOCore
import ServiceTesting
import Synchronization
import Testing

@testable import Gateway

extension RawAnswer {
    var json: JSON { get throws { try JSON.parse(Array(body.utf8), limits: .document) } }
}

/// The reference system's endpoints, in its names and shapes.
@Suite("seed endpoints", .timeLimit(.minutes(1)), .enabled(if: geteuid() == 0))
struct SeedTests {
    private func form(
        texts first: [(String, String)] = [], _ after: [(String, String)] = [], without missing: String = "",
        model: [UInt8]? = nil, dataset: [UInt8]? = nil, definition: [UInt8]? = nil
    ) throws -> Form {
        var form = Form()
        for (name, text) in first { form.add(name, text) }
        let files = [
            ("model", "m.keras", try model ?? Sample.bytes("model.keras")),
            ("dataset", "w.csv", try dataset ?? Sample.bytes("wine.csv")),
            ("dataset_definition", "d.yaml", try definition ?? Sample.bytes("definition.yaml")),
        ]
        for (name, file, bytes) in files where name != missing { form.add(name, file: file, bytes) }
        for (name, text) in after { form.add(name, text) }
        return form
    }

    @Test("take a form and answer as the reference does", arguments: ["", "/developer"])
    func submits(_ prefix: String) async throws {
        let service = FakeService()
        try await RunningGateway.with(service) { port in
            let form = try form(
                texts: [("epochs", "3"), ("framework", "Keras 3.12")], [("model_name", "wine"), ("author", "")])
            let answer = try await form.send(to: "\(prefix)/submit_job_by_model_and_data", port)
            #expect(answer.status == 200, "\(answer)")
            let json = try answer.json
            #expect(json["status"] == "Training started")
            #expect(json["job_id"] == json["unique_dir"])
        }
        let job = try #require(service.state.withLock(\.jobs).first)
        #expect(job.rootfs == "keras" && job.policy == "strict")
        #expect(job.metadata[.modelName] == "wine" && job.metadata[.author] == nil)
        let names = ["model.keras", "wine.csv", "definition.yaml"]
        let digests = try names.map { Digest.of(try Sample.bytes($0)) }
        #expect(job.inputs.map(\.input.digest) == digests)
        #expect(job.inputs.map(\.input.fileName.text) == ["m.keras", "w.csv", "d.yaml"])
        #expect(Set(service.state.withLock { $0.blobs.keys }) == Set(digests))
    }

    @Test("bring small files along with the job, and what is too much for that before it, as it comes")
    func parcel() async throws {
        let small = try form()
        let large = try form(dataset: try Sample.bytes("wine.csv") + [UInt8](repeating: 0x0a, count: 70_000))
        for (form, isUploaded) in [(small, false), (large, true)] {
            let service = FakeService()
            try await RunningGateway.with(service) { port in
                let answer = try await form.send(to: "/submit_job_by_model_and_data", port)
                #expect(answer.status == 200, "\(answer)")
            }
            #expect(service.metrics.read().requests.keys.contains { $0.route == "/v1/blobs" } == isUploaded)
            #expect(service.state.withLock(\.blobs).count == 3)
        }
    }

    @Test("honour an idempotency key")
    func idempotent() async throws {
        let service = FakeService()
        try await RunningGateway.with(service) { port in
            var ids: Set<String> = []
            for _ in 0..<2 {
                let answer = try await form().send(
                    to: "/submit_job_by_model_and_data", port, fields: "Idempotency-Key: \"k\"\r\n")
                ids.insert(try #require(try answer.json["job_id"]?.stringValue))
            }
            #expect(ids.count == 1)
        }
        #expect(service.state.withLock(\.jobs).count == 1)
    }

    struct Mistake: Sendable, CustomStringConvertible {
        let description: String
        let status: Int
        let field: String
        let form: @Sendable (SeedTests) throws -> Form

        init(
            _ description: String, _ status: Int, _ field: String,
            _ form: @escaping @Sendable (SeedTests) throws -> Form
        ) {
            (self.description, self.status, self.field, self.form) = (description, status, field, form)
        }
    }

    static let mistakes = [
        Mistake("missing model", 422, "model") { try $0.form(without: "model") },
        Mistake("missing definition", 422, "dataset_definition") { try $0.form(without: "dataset_definition") },
        Mistake("epochs in words", 422, "epochs") { try $0.form(texts: [("epochs", "many")]) },
        Mistake("epochs behind the files", 422, "epochs") { try $0.form([("epochs", "1.5")]) },
        Mistake("a slip", 422, "epoch") { try $0.form(texts: [("epoch", "3")]) },
        Mistake("other framework", 422, "framework") { try $0.form(texts: [("framework", "TensorFlow 2.16.1")]) },
        Mistake("other rootfs", 422, "rootfs") { try $0.form(texts: [("rootfs", "karas")]) },
        Mistake("a field twice", 400, "epochs") { try $0.form(texts: [("epochs", "3"), ("epochs", "4")]) },
        Mistake("a long name", 422, "model_name") {
            try $0.form(texts: [("model_name", String(repeating: "a", count: 300))])
        },
        Mistake("a model that is none", 422, "model") { try $0.form(model: Array("not a zip".utf8)) },
        Mistake("YAML with an alias", 422, "dataset_definition") {
            try $0.form(definition: Array("columns: &a {x: float}\nlabel: *a\n".utf8))
        },
        Mistake("a header without the label", 422, "dataset") { try $0.form(dataset: Array("a,b\n1,2\n".utf8)) },
        Mistake("a file over the limit", 413, "dataset") {
            try $0.form(dataset: Array("a,b\n".utf8) + [UInt8](repeating: 0x31, count: 2 << 20))
        },
        Mistake("a text for a file", 422, "model") {
            var form = try $0.form(without: "model")
            form.add("model", "text")
            return form
        },
        Mistake("a file for a text", 422, "epochs") { _ in
            var form = Form()
            form.add("epochs", file: "e.txt", [0x33])
            return form
        },
    ]

    @Test("name the field of a mistake, the limit and the remedy", arguments: mistakes)
    func refuses(_ mistake: Mistake) async throws {
        let service = FakeService()
        try await RunningGateway.with(service) { port in
            let answer = try await mistake.form(self).send(to: "/submit_job_by_model_and_data", port)
            #expect(answer.status == mistake.status, "\(answer)")
            let problem = try #require(Problem(json: answer.json))
            #expect(
                problem.status == mistake.status && !problem.remedy.isEmpty && problem.field == mistake.field,
                "\(problem)")
        }
        #expect(service.state.withLock(\.jobs).isEmpty)
    }

    @Test("take forms only")
    func media() async throws {
        try await RunningGateway.with(FakeService()) { port in
            for (type, status) in [
                ("application/json", 415), ("multipart/form-data", 400), ("multipart/mixed; boundary=a", 415),
            ] {
                let answer = try await RawClient.ask(
                    port,
                    "POST /submit_job_by_model_and_data HTTP/1.1\r\nHost: a\r\nContent-Type: \(type)\r\nContent-Length: 2\r\n"
                        + "connection: close\r\n\r\n{}")
                #expect(answer.status == status, "\(answer)")
            }
        }
    }

    @Test("say how a job is in the reference's words")
    func status() async throws {
        let service = FakeService()
        try await RunningGateway.with(service) { port in
            let submitted = try await form().send(to: "/submit_job_by_model_and_data", port)
            let id = try #require(try submitted.json["job_id"]?.stringValue)
            func ask(_ path: String) async throws -> RawAnswer {
                try await RawClient.ask(port, "GET \(path) HTTP/1.1\r\nHost: a\r\nconnection: close\r\n\r\n")
            }
            let waiting = try await ask("/job_status/\(id)").json
            #expect(waiting["status"] == "queued" && waiting["job_id"] == .string(id))
            #expect(waiting["result"]?["training_status"] == "training job queued")
            #expect(waiting["result"]?["unique_dir"] == .string(id))
            #expect(waiting["result"]?["output_artifacts"] == [])
            let artifacts = try await ask("/developer/job_artifacts/\(id)").json
            #expect(artifacts["artifacts"] == [.string("\(id)/metrics.json")])
            for path in ["/job_status/0198f3c2-7b1e-7c3a-9f00-0123456789ab", "/job_status/x", "/job_artifacts/..x"] {
                #expect(try await ask(path).status == 404, "\(path)")
            }
        }
    }

    @Test(
        "hand out links that are absolute, as the user came or as was set",
        arguments: [nil, "https://aibom.example.org"])
    func links(_ publicURL: String?) async throws {
        var configuration = GatewayConfiguration()
        configuration.publicURL = publicURL
        let id = "0198f3c2-7b1e-7c3a-9f00-0123456789ab"
        let link = "/v1/jobs/\(id)/artifacts/a%20b?expires=1&signature=ab"
        let supervisor = RecordingSupervisor { _ in
            let json: JSON = ["artifact_name": "a b", "url": .string(link), "expires": "2026-11-23T05:42:23.123Z"]
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: json.prettyBytes())))
        }
        let origin = publicURL ?? "http://gateway.example:8443"
        try await RunningGateway.with(supervisor, configuration) { port in
            func ask(_ query: String) async throws -> RawAnswer {
                try await RawClient.ask(
                    port,
                    "GET /job_artifacts/\(id)/a%20b\(query) HTTP/1.1\r\nHost: gateway.example:8443\r\n"
                        + "Authorization: Bearer aibom_t\r\nconnection: close\r\n\r\n")
            }
            let answer = try await ask("")
            #expect(try answer.json == ["artifact_name": "a b", "url": .string(origin + link)])
            let redirected = try await ask("?redirect=true&test_mode=true")
            #expect(
                redirected.status == 307 && redirected.header("location") == origin + link && redirected.body.isEmpty)
            #expect(try await ask("?redirect=perhaps").status == 400)
        }
        let asked = try #require(supervisor.requests.first)
        #expect(asked.method == "POST" && asked.target == "/v1/jobs/\(id)/artifacts/a%20b/link")
        #expect(asked.headers[.authorization] == "Bearer aibom_t")
    }
}
