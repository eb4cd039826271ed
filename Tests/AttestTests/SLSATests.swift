import Foundation
import Testing

/// Every row of docs/slsa.md names a test that there is.
@Suite("the page on SLSA")
struct SLSATests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func page() throws -> String {
        try String(contentsOf: root.appending(path: "docs/slsa.md"), encoding: .utf8)
    }

    /// The text of `Tests/<any>/<suite>.swift`, or of the file that declares the suite.
    private static func sources() throws -> [String] {
        let tests = root.appending(path: "Tests")
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)?.allObjects ?? []
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }
    }

    private static func exists(_ suite: String, _ test: String, in sources: [String]) -> Bool {
        sources.contains { source in
            source.contains("struct \(suite)") && source.contains("\"\(test)\"")
        }
    }

    @Test("names only tests that there are, one in every row")
    func rows() throws {
        let sources = try Self.sources()
        let rows = try Self.page().split(separator: "\n").filter {
            $0.hasPrefix("| ") && !$0.hasPrefix("| requirement")
        }
        #expect(rows.count > 25)
        for row in rows {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count == 4, "\(row)")
            #expect(["L1", "L2", "L3"].contains(cells[1]), "\(row)")
            let name = try #require(cells[3].wholeMatch(of: /`(\w+)` "(.+)"/), "\(row)")
            #expect(Self.exists(String(name.1), String(name.2), in: sources), "no test \(cells[3])")
        }
    }

    @Test("and a test that is not there would be missed")
    func detector() throws {
        let sources = try Self.sources()
        #expect(!Self.exists("NoSuite" + "Tests", "names only tests that there are, one in every row", in: sources))
        #expect(!Self.exists("SLSATests", "no such " + "test", in: sources))
    }
}
