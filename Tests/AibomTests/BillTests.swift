import Foundation
import JSON
import Testing

/// `aibom coverage` and `aibom export` as scripts use them.
@Suite("commands on an AIBoM")
struct BillTests {
    private static let vectors = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "AttestTests/Vectors").path

    private func json(_ run: BuiltAibom.Run) throws -> JSON { try JSON.parse(run.out, limits: .document) }

    @Test("coverage exits with 1 below what is asked, and says the score on stdout as JSON")
    func minimum() async throws {
        let file = "\(Self.vectors)/completed.json"
        let enough = try await BuiltAibom.run(["coverage", file, "--profile", "owasp", "--min", "95", "--json"])
        #expect(enough.status == 0)
        #expect(try json(enough)["score"]?.doubleValue == 97.1)
        let tooMuch = try await BuiltAibom.run(["coverage", file, "--profile", "owasp", "--min", "99"])
        #expect(tooMuch.status == 1 && tooMuch.err.contains("below the 99"))
        #expect(tooMuch.text.contains("missing  external_references"))
    }

    @Test(
        "a mistake in the command line is one, before the file is looked at",
        arguments: [
            ["coverage", "none", "--profile", "iso"], ["coverage", "none", "--profile", "g7", "--min", "101"],
            ["coverage", "none"], ["export", "none", "--format", "pdf"], ["export", "none"],
        ])
    func usage(_ arguments: [String]) async throws {
        #expect(try await BuiltAibom.run(arguments).status == 2)
    }

    @Test(
        "what is no AIBoM is refused, without an output file", arguments: ["", "{}", "[1]", #"{"a":1,"a":2}"#, "\u{0}"])
    func refused(_ text: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, as: "in.json")
        #expect(try await BuiltAibom.run(["coverage", file, "--profile", "g7"]).status == 1)
        let export = try await BuiltAibom.run(["export", file, "--format", "md", "--out", "\(folder.path)/out"])
        #expect(export.status == 1 && export.err.contains("remedy"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/out"))
    }

    @Test("export writes to stdout or to a file, the same bytes", arguments: ["spdx3", "html", "md", "annex"])
    func exported(_ format: String) async throws {
        let folder = try TemporaryFolder()
        let file = "\(Self.vectors)/completed.json"
        let shown = try await BuiltAibom.run(["export", file, "--format", format])
        #expect(shown.status == 0 && shown.out.count > 5000)
        let written = try await BuiltAibom.run(["export", file, "--format", format, "--out", "\(folder.path)/out"])
        #expect(written.status == 0 && written.out.isEmpty)
        #expect(try folder.read("out") == Data(shown.out))
    }
}
