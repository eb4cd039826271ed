import Attest
import Foundation
import JSON
import Testing

/// docs/platform.md and the code name the same members.
@Suite("page of the platform's documents")
struct PlatformPageTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../docs/platform.md")

    /// Names in the first column of the tables below a heading.
    private func rows(of heading: String) throws -> Set<String> {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading) })
        let cells = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { $0.split(separator: "|")[0] }
        return Set(cells.flatMap { $0.split(separator: "`").filter { !$0.allSatisfy { $0 == " " } }.map(String.init) })
    }

    /// Paths of members; what is named freely (settings, keys, registers) is one member.
    private func members(_ json: JSON, _ path: String = "") -> Set<String> {
        let free = ["configuration.settings", "keys", "registers"]
        if let object = json.objectValue, !free.contains(path) {
            let own: Set<String> = path == "tpm" ? [path] : []
            return object.members.reduce(into: own) {
                $0.formUnion(members($1.value, path.isEmpty ? $1.key : "\(path).\($1.key)"))
            }
        }
        if let first = json.arrayValue?.first, first.objectValue != nil { return members(first, "\(path)[]") }
        return [path]
    }

    @Test("names every member of platform.json, and no other")
    func platform() throws {
        let digest = String(repeating: "0", count: 64)
        let record = PlatformRecord(
            startedAt: "", productVersion: "", executables: [.init(name: "", sha256: digest, size: 0)],
            configuration: .init(sha256: digest, settings: [:], withheld: []),
            policies: [.init(name: "", sha256: digest, filterSHA256: digest)],
            rootfs: [.init(name: "", manifestSHA256: digest, imageSHA256: digest, recipe: "")], kernel: .init(),
            keys: [:], tpm: .init(attestationKeyName: "", register: 13))
        #expect(try rows(of: "`platform.json`") == members(try JSON.parse(try record.bytes(), limits: .report)))
    }

    @Test("names every member of platform.quote.json, and no other")
    func quote() throws {
        let quote = QuoteDocument(
            certificates: nil, publicArea: "", attested: "", signature: "", registers: [:], starts: [])
        #expect(
            try rows(of: "`platform.quote.json`") == members(try JSON.parse(try quote.bytes(), limits: .report)))
    }
}
