import Foundation
import JSON
import Jobs
import Measure
import Testing

@testable import aibom

/// A job whose connections break.
@Suite("a job from afar", .timeLimit(.minutes(1)))
struct FollowTests {
    static let id = JobIDSource().next()

    static func job(_ state: JobState, attempt: Int = 1) -> Door.Answer {
        let problem = Problem("job-failed", "The job failed", detail: "exit status 1", remedy: "read its logs")
        let job = Job(
            id: id, owner: "uid:0", state: state, rootfs: "keras", policy: "strict", attempt: attempt, inputs: [],
            parameters: [],
            metadata: Metadata(), problem: state == .failed ? problem : nil,
            times: [.received: Instant(milliseconds: 1)])
        return Door.Answer(body: job.json.compactBytes())
    }

    private static func offset(_ question: Door.Question) -> Int? {
        question.path.split(separator: "offset=").last.flatMap { Int($0) }
    }

    @Test("prints its log once, however often the line breaks, and exits 3 when it failed")
    func breaks() async throws {
        let log = Array((0..<4000).map { "line \($0) größe\n" }.joined().utf8)
        let job = Self.job
        try await Door.with { question in
            if question.path == "/v1/jobs/\(Self.id)" { return job(question.time < 4 ? .running : .failed, 1) }
            guard let offset = Self.offset(question), offset <= log.count else {
                return .json("{}", status: 400)
            }
            // In the middle of a letter, too.
            let cut = offset == 0 ? 20_021 : offset == 20_021 ? 30_000 : nil
            return Door.Answer(body: Array(log[offset...]), cut: cut)
        } _: { _, port in
            let run = try await BuiltAibom.run(["logs", "\(Self.id)", "--follow", "--url", "http://127.0.0.1:\(port)"])
            #expect(run.out == log)
            #expect(run.status == 3)
            #expect(run.err == "error: job \(Self.id) failed: exit status 1\nremedy: read its logs\n")
        }
    }

    @Test(
        "ends with the job's end and its status",
        arguments: [(JobState.completed, Int32(0)), (.failed, 3), (.cancelled, 3)])
    func ends(state: JobState, status: Int32) async throws {
        let log = Array("one\ntwo\nthree\n".utf8)
        let job = Self.job
        try await Door.with { question in
            if question.path == "/v1/jobs/\(Self.id)" { return job(question.time == 1 ? .running : state, 1) }
            guard let offset = Self.offset(question) else { return .json("{}", status: 400) }
            switch question.time {
            case 1 where offset == 0: return Door.Answer(body: log, cut: 6)
            default: return Door.Answer(body: Array(log[offset...]))
            }
        } _: { _, port in
            let run = try await BuiltAibom.run(["logs", "\(Self.id)", "--follow", "--url", "http://127.0.0.1:\(port)"])
            #expect(run.out == log)
            #expect(run.status == status, "\(run.err)")
        }
    }

    @Test("begins anew with a new attempt's log")
    func attempts() async throws {
        let job = Self.job
        try await Door.with { question in
            if question.path == "/v1/jobs/\(Self.id)" {
                return question.time == 1 ? job(.running, 1) : job(question.time == 2 ? .running : .completed, 2)
            }
            let log = Array(
                (question.time == 1 && question.path.hasSuffix("=0") ? "first attempt, long\n" : "second\n").utf8)
            return Door.Answer(body: Array(log.dropFirst(Self.offset(question) ?? 0)))
        } _: { _, port in
            let run = try await BuiltAibom.run(["logs", "\(Self.id)", "--follow", "--url", "http://127.0.0.1:\(port)"])
            #expect(run.text == "first attempt, long\nsecond\n")
            #expect(run.err == "attempt 2\n")
            #expect(run.status == 0)
        }
    }

    @Test("is fetched to the end when the line breaks, by ranges or without them", arguments: [true, false])
    func fetch(knowsRanges: Bool) async throws {
        let model = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let blob = Blob(digest: Digest.of(model), size: UInt64(model.count))
        let list: JSON = ["artifacts": [Artifact(name: "m.keras", role: .model, blob: blob).json]]
        let folder = try TemporaryFolder()
        try await Door.with { question in
            guard question.path.hasSuffix("/m.keras") else { return Door.Answer(body: list.compactBytes()) }
            let start = question.headers["range"]?.first?.split(separator: "=").last?.dropLast()
            let offset = knowsRanges ? start.flatMap { Int($0) } ?? 0 : 0
            let range = ("content-range", "bytes \(offset)-\(model.count - 1)/\(model.count)")
            return Door.Answer(
                status: offset > 0 ? 206 : 200, headers: offset > 0 ? [range] : [],
                body: Array(model[offset...]),
                cut: question.time < 3 ? (knowsRanges ? 100_000 : 100_000 * question.time) : nil)
        } _: { door, port in
            let run = try await BuiltAibom.run(
                ["fetch", "\(Self.id)", "--out", "\(folder.path)/out", "--url", "http://127.0.0.1:\(port)"])
            #expect(run.status == 0, "\(run.err)")
            #expect(try Array(folder.read("out/m.keras")) == model)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out") == ["m.keras"])
            #expect(door.questions.compactMap { $0.headers["range"]?.first }.count == 2)
        }
    }

    @Test("the node is shown as it is")
    func node() async throws {
        let text =
            #"{"version":"1.2","state":"ready","capacity":{"cpu_millicores":2000,"memory_bytes":8589934592},"rootfs":[{"name":"keras","sha256":"00"}],"new":{"thing":null}}"#
        try await Door.with { _ in
            .json(text)
        } _: { door, port in
            let run = try await BuiltAibom.run(["status", "--url", "http://127.0.0.1:\(port)"])
            #expect(door.questions.map(\.path) == ["/v1/status"])
            #expect(run.text.contains("capacity.memory_bytes   8.5 GB\n"), "\(run.text)")
            #expect(run.text.contains("keras\n"))
            let json = try await BuiltAibom.run(["status", "--json", "--url", "http://127.0.0.1:\(port)"])
            #expect(try JSON.parse(json.out, limits: .document) == JSON.parse(Array(text.utf8), limits: .document))
        }
    }

    @Test("its inputs are deleted by their own address")
    func deleteInputs() async throws {
        try await Door.with { _ in
            Self.job(.completed)
        } _: { door, port in
            let run = try await BuiltAibom.run(["delete-inputs", "\(Self.id)", "--url", "http://127.0.0.1:\(port)"])
            #expect(run.status == 0, "\(run.err)")
            #expect(door.questions.map { "\($0.method) \($0.path)" } == ["DELETE /v1/jobs/\(Self.id)/inputs"])
        }
    }
}
