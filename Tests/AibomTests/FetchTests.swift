import API
import Foundation
import JSON
import Jobs
import Measure
import ServiceTesting
import Synchronization
import Testing

@Suite("aibom fetch and its like", .enabled(if: geteuid() == 0), .timeLimit(.minutes(1)))
struct FetchTests {
    let folder: TemporaryFolder
    let service = FakeService()
    let id: String

    init() async throws {
        folder = try TemporaryFolder()
        let request = JobRequest(rootfs: "keras", policy: "strict", inputs: [])
        id = try await service.submit(request, owner: "uid:0", key: nil).id.description
    }

    private func offer(_ name: String, _ bytes: [UInt8], as claimed: [UInt8]? = nil) {
        let said = claimed ?? bytes
        let artifact = Artifact(
            name: name, role: .output, blob: Blob(digest: Digest.of(said), size: UInt64(said.count)))
        service.state.withLock { $0.artifacts.append((artifact, bytes)) }
    }

    @Test("lays all artifacts flat under their names, also over earlier ones")
    func laysFlat() async throws {
        let model = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        offer("trained_model.keras", model)
        offer("empty.txt", [])
        let out = "\(folder.path)/out"
        try await RunningServer.with(service) { socket in
            for _ in 1...2 {
                let run = try await BuiltAibom.run(["fetch", id, "--socket", socket, "--out", out, "--json"])
                #expect(run.status == 0, "\(run.err)")
                let document = try JSON.parse(run.out, limits: .document)
                #expect(document["artifacts"]?.arrayValue?.count == 3)
            }
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out).sorted()
                == ["empty.txt", "metrics.json", "trained_model.keras"])
        #expect(try Array(folder.read("out/trained_model.keras")) == model)
    }

    @Test("keeps nothing of bytes that are not what their digest says")
    func keepsNothing() async throws {
        offer("trained_model.keras", [1, 2, 3], as: [1, 2, 4])
        try await RunningServer.with(service) { socket in
            let run = try await BuiltAibom.run(["fetch", id, "--socket", socket, "--out", "\(folder.path)/out"])
            #expect(run.status == 4)
            #expect(run.err.contains("artifact trained_model.keras has sha256 "))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out") == ["metrics.json"])
    }

    @Test(
        "writes nothing for a service that names a file outside",
        arguments: ["../evil", "/etc/x", "..", ".bashrc", "a\u{1b}b"])
    func writesNothing(name: String) async throws {
        offer(name, [1])
        try await RunningServer.with(service) { socket in
            let run = try await BuiltAibom.run(["fetch", id, "--socket", socket, "--out", "\(folder.path)/out"])
            #expect(run.status == 4)
            #expect(!run.err.contains("\u{1b}"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out") == [])
        #expect(try folder.names == ["out"])
    }

    @Test("says that a job has none yet")
    func noneYet() async throws {
        service.state.withLock { $0.artifacts = [] }
        try await RunningServer.with(service) { socket in
            let run = try await BuiltAibom.run(["fetch", id, "--socket", socket, "--out", "\(folder.path)/out"])
            #expect(run.status == 1)
            #expect(run.err.contains("is queued and has no artifacts\nremedy: wait for its end"))
        }
    }

    @Test("jobs, status, artifacts, cancel and logs print what the service says")
    func others() async throws {
        let hostile = Array("\u{1b}[2Jepoch\n".utf8) + [0xff, 0x0a]
        service.state.withLock { $0.log = hostile }
        try await RunningServer.with(service) { socket in
            func aibom(_ arguments: String...) async throws -> BuiltAibom.Run {
                let run = try await BuiltAibom.run(arguments + ["--socket", socket])
                #expect(run.status == 0, "\(run.err)")
                return run
            }
            #expect(try await aibom("jobs").text.hasPrefix(id))
            let jobs = try JSON.parse(try await aibom("jobs", "--json").out, limits: .document)
            #expect(jobs["jobs"]?.arrayValue?.count == 1)
            #expect(try await aibom("status", id).text.contains("state        queued\n"))
            #expect(try await aibom("artifacts", id).text.hasSuffix(" metrics.json\n"))
            #expect(try await aibom("cancel", id).text.isEmpty)
            // To a file the log is what the job wrote, byte for byte.
            #expect(try await aibom("logs", id).out == hostile)
        }
    }

    @Test("jobs pages through all of them")
    func pages() async throws {
        let request = JobRequest(rootfs: "keras", policy: "strict", inputs: [])
        for _ in 0..<1100 { _ = try await service.submit(request, owner: "uid:7", key: nil) }
        try await RunningServer.with(service) { socket in
            func ids(_ arguments: String...) async throws -> [String] {
                let run = try await BuiltAibom.run(["jobs", "--socket", socket, "--json"] + arguments)
                #expect(run.status == 0, "\(run.err)")
                let jobs = try JSON.parse(run.out, limits: .document)["jobs"]?.arrayValue ?? []
                return jobs.compactMap { $0["job_id"]?.stringValue }
            }
            let all = try await ids("--all")
            #expect(all.count == 1101 && Set(all).count == 1101 && all.last == id)
            #expect(try await ids("--limit", "600") == Array(all.prefix(600)))
            #expect(try await ids("--limit", "3").count == 3)
            #expect(try await ids().count == 50)
            let text = try await BuiltAibom.run(["jobs", "--socket", socket, "--all"])
            #expect(text.text.split(separator: "\n").map { String($0.prefix(36)) } == all)
            #expect(try await BuiltAibom.run(["jobs", "--socket", socket, "--state", "done"]).status == 2)
        }
    }

    @Test("jobs are filtered by the service, and a page that stays the same ends the list")
    func filters() async throws {
        let page = Array(repeating: String(decoding: FollowTests.job(.failed).body, as: UTF8.self), count: 500)
        try await Door.with { _ in
            .json("{\"jobs\":[\(page.joined(separator: ","))]}")
        } _: { door, port in
            let filter = ["--state", "running", "--state", "failed", "--owner", "oidc:a b&c"]
            let run = try await BuiltAibom.run(["jobs", "--all", "--url", "http://127.0.0.1:\(port)"] + filter)
            #expect(run.status == 0, "\(run.err)")
            let first = "/v1/jobs?state=running,failed&owner=oidc%3Aa%20b%26c&limit=500"
            #expect(door.questions.map(\.path) == [first, "\(first)&after=\(FollowTests.id)"])
        }
    }

    @Test("a job that is not there is a problem with a remedy")
    func missing() async throws {
        try await RunningServer.with(service) { socket in
            let run = try await BuiltAibom.run(["status", JobIDSource().next().description, "--socket", socket])
            #expect(run.status == 1)
            #expect(run.err.hasPrefix("error: There is no such job: "))
            #expect(run.err.contains("\nremedy: "))
        }
    }
}
