import Foundation
import JSON
import Measure
import Testing

extension EndToEnd {
    /// What is refused before there is a job: by the command, and by the service when somebody asks it without ours.
    @Suite("a request that is refused")
    struct RefusedRequest {
        let folder: Folder
        let daemon: Daemon

        init() throws {
            folder = try Folder()
            daemon = try EndToEnd.daemon
        }

        @Test(
            "says what, where and the remedy, with status 1",
            arguments: [
                (
                    ["--param", "epochs=-1"], "parameters.epochs is not at least 1",
                    "send a whole number, at least 1, at most 100000"
                ),
                (["--param", "epohcs=5"], "parameters.epohcs is not known", "did you mean epochs?"),
                (["--param", "epochs=1.5"], "parameters.epochs is not a whole number", "send digits only"),
                (["--param", "validation_split=1"], "parameters.validation_split is not less than 1", "send a number"),
                (["--rootfs", "torch"], "the service has no rootfs torch", "use one of: careless, hostile, keras"),
                (["--policy", "lax"], "policy is not known", "use one of: gpu, open, strict"),
                (
                    ["--rootfs", "../keras"], "the service has no rootfs ../keras",
                    "use one of: careless, hostile, keras"
                ),
                (["--meta", "licence=MIT"], "metadata.licence is not known", "license_name"),
            ])
        func refusesCommand(more: [String], message: String, remedy: String) async throws {
            try await daemon.leavesNothing {
                let refused = try await daemon.submit(Examples.seed, more)
                #expect(refused.result.status == 1, "\(refused)")
                #expect(refused.result.out.isEmpty)
                #expect(refused.result.err.contains("error: ") && refused.result.err.contains(message), "\(refused)")
                let line = refused.result.err.split(separator: "\n").first { $0.hasPrefix("remedy: ") }
                #expect(line?.contains(remedy) == true, "\(refused)")
            }
        }

        /// Parts of a request that differ from a good one, with the field that the refusal names.
        static let requests: [(change: String, field: String, detail: String)] = [
            (#"{"inputs":{"model":{"file_name":"../../x"}}}"#, "inputs.model.file_name", "contains a slash"),
            (#"{"inputs":{"model":{"file_name":".."}}}"#, "inputs.model.file_name", "names a folder"),
            (#"{"inputs":{"model":{"file_name":"a\u0000.keras"}}}"#, "inputs.model.file_name", "control"),
            (#"{"inputs":{"model":{"file_name":"model.h5"}}}"#, "inputs.model.file_name", "has an extension"),
            (#"{"inputs":{"dataset":{"sha256":"00"}}}"#, "inputs.dataset.sha256", "not a digest"),
            (
                #"{"inputs":{"dataset":{"sha256":"\#(String(repeating: "0", count: 64))"}}}"#, "inputs.dataset.sha256",
                "names a blob that is not stored"
            ),
            (#"{"rootfs":"torch"}"#, "rootfs", "is not built on this host"),
            (#"{"rootfs":"../../etc"}"#, "rootfs", "is not a name"), (#"{"policy":"lax"}"#, "policy", "is not known"),
            (#"{"parameters":{"epochs":-1}}"#, "parameters.epochs", "is not at least 1"),
            (#"{"parameters":{"epochs":"5"}}"#, "parameters.epochs", "is not a number"),
            (#"{"parameters":{"epochs":1e999}}"#, "parameters.epochs", "is not a number"),
            (#"{"parameters":{"epohcs":5}}"#, "parameters.epohcs", "is not known"),
            (#"{"root":1}"#, "root", "is not known"),
        ]

        @Test("is 422 with the field, the reason and the remedy", arguments: requests)
        func refusesRequest(change: String, field: String, detail: String) async throws {
            let good = try await request()
            try await daemon.leavesNothing {
                let wrong = Self.merge(good, try JSON.parse(Array(change.utf8), limits: .document))
                let answer = try await submit(wrong)
                #expect(answer.status == 422)
                #expect(answer.document["field"]?.stringValue == field, "\(answer)")
                #expect(answer.document["detail"]?.stringValue?.contains(detail) == true, "\(answer)")
                #expect(answer.document["remedy"]?.stringValue?.isEmpty == false, "\(answer)")
            }
        }

        @Test(
            "is 400 when it is no JSON of one reading",
            arguments: ["", "{", #"{"rootfs":"a","rootfs":"b"}"#, "[[[[[[[[[[[[1]]]]]]]]]]]]"])
        func refusesText(text: String) async throws {
            try await daemon.leavesNothing {
                let answer = try await daemon.ask("/v1/jobs", "-H", "Content-Type: application/json", "-d", text)
                #expect(answer.status == 400, "\(answer)")
                #expect(answer.document["remedy"]?.stringValue?.isEmpty == false)
            }
        }

        @Test("with an idempotency key makes one job, and another request with it makes none")
        func idempotent() async throws {
            let good = try await request()
            let key = "Idempotency-Key: \"\(UUID().uuidString)\""
            let first = try await submit(good, key)
            let second = try await submit(good, key)
            #expect(first.status == 202 && second.status == 202)
            let id = try #require(first.document["job_id"]?.stringValue)
            #expect(second.document["job_id"]?.stringValue == id)
            let other = try await submit(Self.merge(good, ["parameters": ["epochs": 2]]), key)
            #expect(other.status == 422)
            #expect(other.document["detail"]?.stringValue?.contains(id) == true, "\(other)")
            let jobs = try await daemon.aibom("jobs", "--json").json["jobs"]?.arrayValue ?? []
            #expect(jobs.count { $0["metadata"]?["model_name"]?.stringValue == folder.path } == 1)
            _ = try await daemon.job(id, in: "completed", "failed", within: .seconds(60))
        }

        private static let halfAnUpload = """
            import socket, sys
            with socket.socket(socket.AF_UNIX) as service:
                service.connect(sys.argv[1])
                service.sendall(b"POST /v1/blobs HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1000\\r\\n\\r\\nabc")
            """

        @Test("that ends in the middle of an upload stores nothing")
        func cutUpload() async throws {
            try await daemon.leavesNothing {
                let blobs = files(below: "\(daemon.state)/blobs")
                let cut = try await Command.run("python3", ["-c", Self.halfAnUpload, daemon.socket])
                #expect(cut.status == 0, "\(cut)")
                #expect(files(below: "\(daemon.state)/blobs") == blobs)
            }
        }

        private func submit(_ request: JSON, _ headers: String...) async throws -> (status: Int, document: JSON) {
            let body = String(decoding: request.compactBytes(), as: UTF8.self)
            let more = headers.flatMap { ["-H", $0] }
            let answer = try await Command.run(
                "curl",
                [
                    "-s", "-m", "30", "--unix-socket", daemon.socket, "-w", "\n%{http_code}", "-H",
                    "Content-Type: application/json",
                ]
                    + more + ["-d", body, "http://localhost/v1/jobs"])
            let lines = answer.text.split(separator: "\n", omittingEmptySubsequences: false)
            let text = lines.dropLast().joined(separator: "\n")
            return (Int(lines.last ?? "") ?? 0, (try? JSON.parse(Array(text.utf8), limits: .document)) ?? .null)
        }

        /// A good request, its files uploaded.
        private func request() async throws -> JSON {
            var inputs: [String: JSON] = [:]
            let seed = Examples.seed
            for (role, path) in [("model", seed.model), ("dataset", seed.dataset), ("definition", seed.definition)] {
                let stored = try await daemon.ask("/v1/blobs", "--data-binary", "@\(path)")
                try #require(stored.status == 201, "\(stored)")
                inputs[role] = [
                    "file_name": .string(URL(fileURLWithPath: path).lastPathComponent),
                    "sha256": stored.document["sha256"] ?? .null,
                ]
            }
            return [
                "rootfs": "keras", "policy": "strict",
                "inputs": [
                    "model": inputs["model"] ?? .null, "dataset": inputs["dataset"] ?? .null,
                    "definition": inputs["definition"] ?? .null,
                ],
                "parameters": ["epochs": 1], "metadata": ["model_name": .string(folder.path)],
            ]
        }

        /// `change` laid over `document`, member by member.
        private static func merge(_ document: JSON, _ change: JSON) -> JSON {
            guard case .object(var object) = document, case .object(let changes) = change else { return change }
            for member in changes.members {
                object[member.key] = object[member.key].map { merge($0, member.value) } ?? member.value
            }
            return .object(object)
        }
    }
}
