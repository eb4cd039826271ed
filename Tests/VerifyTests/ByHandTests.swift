import EvidenceTesting
import Foundation
import Keys
import Signing
import Testing

/// The commands of docs/formats.md, as they stand there.
@Suite("Verifying by hand")
struct ByHandTests {
    private static let commands: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        guard let text = try? String(contentsOf: root.appending(path: "docs/formats.md"), encoding: .utf8),
            let start = text.range(of: "```sh\n"),
            let end = text.range(of: "\n```", range: start.upperBound..<text.endIndex)
        else { return nil }
        return String(text[start.upperBound..<end.lowerBound])
    }()

    private func run(in evidence: Evidence) throws -> String {
        let commands = try #require(Self.commands)
        try evidence.write(Array(evidence.publicKey.pem.utf8), to: "pub.pem")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", commands]
        process.currentDirectoryURL = URL(filePath: evidence.path)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }

    @Test("the documented commands accept untouched evidence")
    func untouched() throws {
        let evidence = try Evidence()
        let output = try run(in: evidence)
        #expect(output.contains("Verified OK"))
        #expect(output.contains(evidence.publicKey.keyID))
        for name in Evidence.artifacts { #expect(output.contains("\(name): OK")) }
    }

    @Test("the documented commands see a changed document and a changed artifact")
    func tampered() throws {
        let evidence = try Evidence()
        try evidence.write(try evidence.read("aibom.json") + [0x0a], to: "aibom.json")
        try evidence.write([0], to: "metrics.json")
        let output = try run(in: evidence)
        #expect(output.contains("Verification failure") || output.contains("Verification Failure"))
        #expect(!output.contains("Verified OK"))
        #expect(output.contains("metrics.json: FAILED"))
    }
}
