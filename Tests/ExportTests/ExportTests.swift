import Export
import Foundation
import JSON
import Testing

@Suite("export")
struct ExportTests {
    static let digest = String(repeating: "0", count: 64)

    private func document(_ name: String) throws -> JSON {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try Data(contentsOf: tests.appending(path: "AttestTests/Vectors/\(name).json"))
        return try JSON.parse(Array(bytes), limits: .document)
    }

    private func text(_ name: String, _ format: Export.Format) throws -> String {
        String(decoding: try Export.render(document(name), digest: Self.digest, as: format), as: UTF8.self)
    }

    @Test("same document, same bytes: the golden files", arguments: Export.Format.allCases)
    func golden(_ format: Export.Format) throws {
        for name in ["completed", "failed"] {
            let bytes = try Export.render(document(name), digest: Self.digest, as: format)
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(
                    path:
                        "Vectors/\(name).\(format == .spdx3 ? "spdx3.json" : format == .annex ? "annex.md" : format.rawValue)"
                )
            if ProcessInfo.processInfo.environment["AIBOM_WRITE_VECTORS"] == "1" { try Data(bytes).write(to: file) }
            #expect(Data(bytes) == (try Data(contentsOf: file)))
        }
    }

    @Test("the page loads nothing and runs nothing", arguments: ["completed", "failed", "sparse", "hostile", "bare"])
    func selfContained(_ name: String) throws {
        let page = try text(name, .html)
        #expect(page.contains("default-src 'none'"))
        #expect(page.matches(of: #/<(script|img|link|iframe|object|embed|svg|form|a|base)\b/#.ignoresCase()).isEmpty)
        #expect(page.matches(of: #/<[^>]*\s(on\w+|src|href|action)\s*=/#.ignoresCase()).isEmpty)
        let tags = Set(page.matches(of: #/<\/?([a-zA-Z0-9!]+)/#).map { String($0.1) })
        #expect(
            tags.isSubset(of: [
                "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "tr", "th",
                "td",
                "br",
            ]))
    }

    @Test("hostile texts stay texts", arguments: [Export.Format.html, .md, .annex])
    func hostile(_ format: Export.Format) throws {
        let nasty =
            "\u{0}\u{1b}[2J<script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}\u{2066}![x](javascript:alert(1))|a|b|\n# head\n"
            + "https://evil.example www.evil.example `code` **bold** &lt; {\"a\":{\"b\":[\"]\"]}} "
            + String(repeating: "x", count: 1 << 20)
        let facts: JSON = [
            "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:1",
            "metadata": [
                "component": [
                    "type": "machine-learning-model", "name": .string(nasty),
                    "properties": [
                        ["name": "aibomgen:declared:intended_use", "value": .string(nasty)],
                        ["name": .string("aibomgen:declared:\(nasty)"), "value": "x"],
                    ],
                ]
            ],
        ]
        let text = String(decoding: try Export.render(facts, digest: Self.digest, as: format), as: UTF8.self)
        #expect(!text.contains("<script") && !text.contains("<img"))
        #expect(text.contains("&lt;script"))
        #expect(
            text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && !(0x202a...0x2069).contains($0.value)) }
        )
        #expect(text.contains("[U+202E]") || text.contains("\\[U\\+202E\\]"))
        // All of it is there.
        #expect(text.contains(String(repeating: "x", count: 1 << 20)))
        guard format != .html else { return }
        #expect(!text.contains("](") && !text.contains("https://evil") && !text.contains("www.evil"))
        #expect(!text.contains("\n# head"))
    }

    @Test("not scanned is never shown as clean")
    func notScanned() throws {
        for format in [Export.Format.html, .md] {
            #expect(try text("bare", format).contains("NOT SCANNED"))
            #expect(try !text("completed", format).contains("NOT SCANNED"))
        }
    }

    @Test("reports colour each fact by who vouches, and figures of the job as reported")
    func trust() throws {
        let page = try text("completed", .html)
        #expect(page.contains(#"<tr><td>accuracy</td><td>0.97</td><td class="reported">reported</td></tr>"#))
        #expect(page.contains(#"<td class="observed">observed</td>"#))
        #expect(page.contains(#"<td class="declared">declared</td>"#))
    }

    @Test("the annexes say where a person must write")
    func annex() throws {
        let full = try text("completed", .annex)
        let bare = try text("bare", .annex)
        #expect(full.contains("Regulation \\(EU\\) 2024/1689"))
        #expect(full.contains("TO BE WRITTEN: no service can know this"))
        #expect(!full.contains("the submission form asked for this"))
        #expect(bare.contains("TO BE WRITTEN: the submission form asked for this"))
        #expect(
            bare.components(separatedBy: "TO BE WRITTEN").count > full.components(separatedBy: "TO BE WRITTEN").count)
    }

    @Test(
        "SPDX has the model, the data, the run and every package, and all it points to",
        arguments: ["completed", "failed", "bare", "hostile", "sparse"])
    func spdx(_ name: String) throws {
        let document = try document(name)
        let spdx = try JSON.parse(Export.render(document, digest: Self.digest, as: .spdx3), limits: .document)
        let graph = try #require(spdx["@graph"]?.arrayValue)
        let ids = graph.compactMap { $0["spdxId"]?.stringValue }
        #expect(Set(ids).count == ids.count)
        for relationship in graph where relationship["type"] == "Relationship" {
            let ends = [relationship["from"]] + (relationship["to"]?.arrayValue ?? []).map(Optional.some)
            for end in ends.compactMap({ $0?.stringValue }) {
                #expect(ids.contains(end) || end.hasSuffix("ExpandedLicensing/NoAssertionLicense"), "\(end)")
            }
        }
        #expect(!String(describing: spdx).contains(":null"))
        let types = graph.compactMap { $0["type"]?.stringValue }
        #expect(types.contains("ai_AIPackage") == !["failed", "sparse"].contains(name))
        #expect(types.count { $0 == "build_Build" } == 1)
        let packages = document["components"]?.arrayValue?.first { $0["bom-ref"] == "rootfs" }?["components"]?
            .arrayValue
        #expect(
            graph.count {
                $0["software_packageUrl"]?.stringValue?.hasPrefix("pkg:") == true && $0["type"] == "software_Package"
            } == packages?.count ?? 0)
    }

    @Test("refuses what is no AIBoM", arguments: [JSON.null, [], ["bomFormat": "CycloneDX"], ["bomFormat": "SPDX"]])
    func refusal(_ json: JSON) {
        #expect(throws: ExportError.notAnAIBoM) { try Export.render(json, digest: Self.digest, as: .md) }
    }
}
