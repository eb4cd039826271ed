import API
import Foundation
import JSON
import Jobs
import Measure
import ServiceTesting
import Synchronization
import Testing

/// The command line against a service on a real socket. Needs root, because the socket is root's.
@Suite("aibom submit", .enabled(if: geteuid() == 0), .timeLimit(.minutes(1)))
struct SubmitTests {
    let folder: TemporaryFolder
    let files: [String]

    init() throws {
        folder = try TemporaryFolder()
        files = [
            "--model", try folder.write(String(repeating: "m", count: 700_000), as: "m.keras"),
            "--dataset", try folder.write("a,b\n1,2\n", as: "d.csv"),
            "--definition", try folder.write("label: b\n", as: "d.yaml"),
        ]
    }

    static let life: [JobEvent.Kind] = [
        .state(.queued, attempt: 1), .state(.running, attempt: 1),
        .epoch(1, of: 2, metrics: JSON(dictionaryLiteral: ("loss", 1)).objectValue ?? JSONObject()),
        .epoch(2, of: 2, metrics: JSONObject()), .state(.completed, attempt: 1),
    ]

    @Test("uploads three files, asks for a job and prints one document")
    func submits() async throws {
        let service = FakeService()
        try await RunningServer.with(service) { socket in
            let run = try await BuiltAibom.run(
                ["submit", "--socket", socket, "--json", "--param", "epochs=3", "--meta", "author=mé"] + files)
            #expect(run.status == 0, "\(run.err)")
            let job = try #require(Job(json: try JSON.parse(run.out, limits: .document)))
            #expect(job.state == .queued)
            #expect(job.metadata[.author] == "mé")
            #expect(job.inputs.map(\.input.fileName.text) == ["m.keras", "d.csv", "d.yaml"])
            let stored = service.state.withLock { $0.blobs }
            #expect(stored[Digest.of(Array("a,b\n1,2\n".utf8))] != nil)
            #expect(job.inputs.allSatisfy { stored[$0.input.digest] != nil })
        }
    }

    @Test("waits, tells the story on stderr and prints the id alone on stdout")
    func waits() async throws {
        try await RunningServer.with(FakeService(events: Self.life)) { socket in
            let run = try await BuiltAibom.run(["submit", "--wait"] + files, environment: ["AIBOM_SOCKET": socket])
            #expect(run.status == 0, "\(run.err)")
            #expect(JobID(run.text.trimmingCharacters(in: .newlines)) != nil)
            #expect(run.err.hasSuffix("queued\nrunning\nepoch 1/2 loss=1.0\nepoch 2/2\ncompleted\n"))
            #expect(!run.err.contains("\u{1b}"))
        }
    }

    @Test("draws bars on a terminal")
    func drawsBars() async throws {
        try await RunningServer.with(FakeService(events: Self.life)) { socket in
            let run = try await BuiltAibom.run(["submit", "--wait", "--socket", socket] + files, onTerminal: true)
            #expect(run.status == 0)
            // Three files on one line, which ends when they all are there.
            let uploads = try #require(run.text.split(separator: "\r\n").first)
            #expect(uploads.contains("\r\u{1b}[Kupload 1/3 m.keras [") && uploads.contains("700.0 kB of 700.0 kB"))
            #expect(
                uploads.contains("\r\u{1b}[Kupload 3/3 d.yaml [========================] 100%  700.0 kB of 700.0 kB"))
            #expect(run.text.contains("\r\u{1b}[Kepochs [============            ] 50%  epoch 1/2  loss=1.0"))
            #expect(run.text.contains("\r\ncompleted\r\n"))
        }
    }

    @Test("sends an upload once more that the service had no time for, and asks for one job")
    func patience() async throws {
        let posts = ["/v1/blobs", "/v1/jobs"]
        let rootfs = try await FakeService().rootfs()
        let list: JSON = ["rootfs": .array(rootfs.map(\.json))]
        try await Door.with { question in
            guard posts.contains(question.path) else { return Door.Answer(body: list.compactBytes()) }
            if question.time == 1 {
                return .json(
                    #"{"title":"Not now","detail":"d"}"#, status: 503, headers: [("retry-after", "0")])
            }
            if question.path == "/v1/jobs" { return FollowTests.job(.queued) }
            let blob = Blob(digest: Digest.of(question.body), size: UInt64(question.body.count))
            return Door.Answer(body: blob.json.compactBytes())
        } _: { door, port in
            let run = try await BuiltAibom.run(
                ["submit", "--url", "http://127.0.0.1:\(port)", "--priority", "3"] + files)
            #expect(run.status == 0, "\(run.err)")
            let bodies = door.questions.filter { $0.path == "/v1/blobs" }.map(\.body)
            #expect(bodies.map(\.count) == [700_000, 700_000, 8, 9])
            let asked = door.questions.filter { $0.path == "/v1/jobs" }
            #expect(asked.count == 2 && asked[0].headers["idempotency-key"] == asked[1].headers["idempotency-key"])
            #expect(asked[0].headers["idempotency-key"]?.count == 1)
            #expect(try JSON.parse(asked[1].body, limits: .document)["priority"] == 3)
        }
    }

    @Test("exits 3 when the job fails, with the document on stdout all the same")
    func jobFails() async throws {
        try await RunningServer.with(FakeService(events: [.state(.failed, attempt: 3)])) { socket in
            let run = try await BuiltAibom.run(["submit", "--socket", socket, "--wait", "--json"] + files)
            #expect(run.status == 3)
            #expect(try JSON.parse(run.out, limits: .document)["state"] == "failed")
            #expect(run.err.contains("failed: exit status 1\nremedy: read its logs\n"))
        }
    }

    @Test("exits 4 when the service stored other bytes than were sent")
    func noticesOtherBytes() async throws {
        let service = FakeService()
        service.state.withLock { $0.storedInstead = Blob(digest: Digest.of([0]), size: 1) }
        try await RunningServer.with(service) { socket in
            let run = try await BuiltAibom.run(["submit", "--socket", socket] + files)
            #expect(run.status == 4)
            #expect(run.out.isEmpty)
            #expect(run.err.contains("error: "))
            #expect(service.state.withLock { $0.jobs.isEmpty })
        }
    }

    @Test(
        "refuses before a byte is sent",
        arguments: [
            (["--param", "epochs=many"], "parameters.epochs is not a whole number"),
            (["--param", "epohcs=1"], "remedy: did you mean epochs?"),
            (["--meta", "licence=MIT"], "metadata.licence is not known"), (["--rootfs", "torch"], "use one of: keras"),
        ])
    func refusesEarly(arguments: [String], message: String) async throws {
        let service = FakeService()
        try await RunningServer.with(service) { socket in
            let run = try await BuiltAibom.run(["submit", "--socket", socket] + files + arguments)
            #expect(run.status == 1)
            #expect(run.err.contains(message))
            #expect(service.state.withLock { $0.blobs.isEmpty })
        }
    }

    @Test("says what the service says about a file that is too large")
    func tooLarge() async throws {
        let large = try folder.write(String(repeating: "m", count: 3 << 20), as: "large.keras")
        try await RunningServer.with(FakeService()) { socket in
            let run = try await BuiltAibom.run(
                ["submit", "--socket", socket] + files.dropFirst(2) + ["--model", large])
            #expect(run.status == 1)
            #expect(run.err.contains("error: The body is too large: more than 1048576 bytes"))
        }
    }

    @Test(
        "exits 2 when it is used wrongly",
        arguments: [
            ["submit"], ["submit", "--model"], ["nonsense"], ["status", "not-an-id"], ["jobs", "--limit", "0"],
            ["jobs", "--socket", "/x", "--url", "https://y"], ["jobs", "--url", "ftp://x"],
        ])
    func usage(arguments: [String]) async throws {
        let run = try await BuiltAibom.run(arguments)
        #expect(run.status == 2)
        #expect(run.out.isEmpty)
        #expect(run.err.hasPrefix("Error: "))
    }

    @Test("refuses a parameter given twice, as a use of it that is wrong")
    func twice() async throws {
        try await RunningServer.with(FakeService()) { socket in
            let run = try await BuiltAibom.run(
                ["submit", "--socket", socket, "--param", "epochs=1", "--param", "epochs=2"] + files)
            #expect(run.status == 2)
            #expect(run.err.contains("--param epochs is given twice"))
        }
    }

    @Test("helps with status 0, and says where nobody answers with status 1")
    func helpAndSilence() async throws {
        let help = try await BuiltAibom.run(["--help"])
        #expect(help.status == 0)
        #expect(help.text.contains("submit"))
        let silence = try await BuiltAibom.run(["jobs", "--socket", "/tmp/no such socket"])
        #expect(silence.status == 1)
        #expect(silence.err.contains("error: no service answers at /tmp/no such socket: "))
        #expect(silence.err.contains("\nremedy: start aibomd"))
    }
}
