import Foundation
import KeyTesting
import Testing

/// `aibom timestamp` and an authority at the other end of HTTP.
@Suite("aibom timestamp")
struct TimestampCommandTests {
    private let folder: TemporaryFolder
    private let signature: String

    init() throws {
        folder = try TemporaryFolder()
        signature = try folder.write("a signature", as: "aibom.sig")
    }

    private var stamp: String { "\(folder.path)/aibom.tsr" }

    /// Asks a door that answers so.
    private func ask(
        _ more: String..., script: @escaping @Sendable (Door.Question) -> Door.Answer
    ) async throws -> (run: BuiltAibom.Run, questions: [Door.Question]) {
        var asked: (BuiltAibom.Run, [Door.Question])?
        try await Door.with(script) { door, port in
            let run = try await BuiltAibom.run(
                ["timestamp", folder.path, "--tsa", "http://127.0.0.1:\(port)/tsa"] + more)
            asked = (run, door.questions)
        }
        return try #require(asked)
    }

    @Test("lays the authority's answer beside the evidence, which openssl verifies, and replaces none")
    func stamps() async throws {
        let authority = try Authority()
        let answer: @Sendable (Door.Question) -> Door.Answer = { question in
            do {
                return Door.Answer(
                    headers: [("content-type", "application/timestamp-reply")],
                    body: try authority.answer(question.body))
            } catch { return Door.Answer(status: 500, body: Array("\(error)".utf8)) }
        }
        let (run, questions) = try await ask(script: answer)
        try #require(run.status == 0, "\(run)")
        #expect(questions.map(\.method) == ["POST"] && questions.map(\.path) == ["/tsa"])
        #expect(questions.first?.headers["content-type"] == ["application/timestamp-query"])
        let check = "ts -verify -CAfile ca.pem -in \(stamp) -data"
        #expect(try authority.run("\(check) \(signature)").contains("Verification: OK"))
        let other = try folder.write("another signature", as: "other")
        #expect(throws: ToolFailure.self) { try authority.run("\(check) \(other)") }

        let first = try folder.read("aibom.tsr")
        let again = try await ask(script: answer)
        #expect(again.run.status == 1 && again.run.err.contains("remove an older stamp"), "\(again.run)")
        #expect(try folder.read("aibom.tsr") == first)
    }

    @Test(
        "takes nothing but a timestamp of this signature, and leaves nothing when there is none",
        arguments: ["refusal", "garbage", "another's", "too much", "hang-up", "missing"])
    func refuses(kind: String) async throws {
        let others =
            kind == "another's" ? try Authority().timestamp(try folder.write("another signature", as: "other")) : []
        let (run, _) = try await ask { _ in
            switch kind {
            case "refusal": Door.Answer(status: 503)
            case "garbage": Door.Answer(body: Array("not DER".utf8))
            case "another's": Door.Answer(body: others)
            case "too much": Door.Answer(body: [UInt8](repeating: 0x30, count: (64 << 10) + 1))
            case "hang-up": Door.Answer(body: [0x30, 0x03, 0x02], cut: 1)
            default: Door.Answer(status: 404)
            }
        }
        #expect(run.status == 1, "\(run)")
        #expect(run.err.contains("http://127.0.0.1:"), "\(run)")
        #expect(!FileManager.default.fileExists(atPath: stamp))
    }

    @Test("gives up when nobody answers, and asks nobody without a signature")
    func silence() async throws {
        // Connecting works, and then there is silence for longer than it waits.
        let (silent, _) = try await ask("--timeout", "1") { _ in
            Thread.sleep(forTimeInterval: 2)
            return Door.Answer()
        }
        #expect(silent.status == 1 && silent.err.contains("couldn't ask"), "\(silent)")
        try FileManager.default.removeItem(atPath: signature)
        let (none, questions) = try await ask { _ in Door.Answer() }
        #expect(none.status == 1 && none.err.contains("aibom.sig") && questions.isEmpty, "\(none)")
        #expect(!FileManager.default.fileExists(atPath: stamp))
    }
}
