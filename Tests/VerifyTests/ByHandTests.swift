import Attest
import EvidenceTesting
import Foundation
import Keys
import Signing
import Testing

/// The commands of docs/formats.md, as they stand there.
@Suite("Verifying by hand")
struct ByHandTests {
    private static let commands = block("docs/formats.md", containing: "aibom.sig aibom.json")
    private static let envelope = block("docs/verify.md", containing: "DSSEv1")

    /// The block of shell commands of a page that has `text`.
    private static func block(_ page: String, containing text: String) -> String? {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let whole = (try? String(contentsOf: root.appending(path: page), encoding: .utf8)) ?? ""
        let blocks = whole.components(separatedBy: "```sh\n").dropFirst()
        return blocks.compactMap { $0.components(separatedBy: "\n```").first }.first { $0.contains(text) }
    }

    private func run(_ commands: String? = Self.commands, in evidence: Evidence) throws -> String {
        let commands = try #require(commands)
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

    @Test("the documented commands accept an untouched statement, and see a changed one")
    func statement() throws {
        let evidence = try Evidence()
        let output = try run(Self.envelope, in: evidence)
        #expect(output.contains("Verified OK") && output.contains("https://slsa.dev/provenance/v1"), "\(output)")
        var payloads = try evidence.payloads()
        payloads[0] += [0x20]
        let envelope = try evidence.envelope(try evidence.payloads()[0])
        let changed = Envelope(payload: payloads[0], signatures: envelope.signatures)
        try evidence.write(changed.line + [0x0a], to: "attestation.intoto.jsonl")
        #expect(try !run(Self.envelope, in: evidence).contains("Verified OK"))
    }
}
