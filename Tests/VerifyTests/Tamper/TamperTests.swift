import Foundation
import Testing
import Verify

/// Every way to change evidence that we know of, and docs/tamper-matrix.md, which says how each one is refused.
@Suite("tampering")
struct TamperTests {
    @Test("is refused with its own reason", arguments: Tampering.all)
    func refused(_ tampering: Tampering) throws {
        let scene = try TamperScene(tampering.kind)
        let before = scene.verify()
        try #require(before.holds, "\(before.failures)")
        try tampering.change(scene)
        let verdict = scene.verify()
        #expect(!verdict.holds)
        #expect(verdict.failures.first?.reason == tampering.reason, "\(verdict.failures)")
    }

    @Test("is tried in every way that the reference system's matrix has, and no row has the name of another")
    func complete() {
        // Row 23 is about keys that end: evidence outlives them, which `TrustTests` shows as well.
        #expect(Set(Tampering.all.flatMap(\.rows)) == Set(1...24))
        let names = Tampering.all.map(\.testDescription)
        #expect(Set(names).count == names.count)
        #expect(Tampering.all.count >= 60)
    }

    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/tamper-matrix.md")

    private static let head = """
        # How tampering is found

        Each row is a case of `Tests/VerifyTests/Tamper`: evidence that holds is changed, and `aibom verify` must refuse it with this reason
        first. A test makes this table and fails when it is not this one; `AIBOM_WRITE_DOCS=1 swift test --filter TamperTests` writes it.

        Rows without "signed by the trusted key" need no secret. Those with it are an insider's: he holds the key and the log, and what he
        signs still has to agree with all else. "ref." names the row of the reference system's matrix, whose verifier accepted rows 8, 9, 10,
        11, 15, 16 and 17, and could not see 20 to 24.

        | # | what is changed | how | reason | ref. |
        |--:|---|---|---|---|

        """

    private static var table: String {
        Tampering.all.enumerated().map { index, row in
            let rows = row.rows.map(String.init).joined(separator: ", ")
            return "| \(index + 1) | \(row.artifact) | \(row.what) | `\(row.reason.rawValue)` | \(rows) |\n"
        }.joined()
    }

    @Test("is listed in docs/tamper-matrix.md")
    func listed() throws {
        let text = Self.head + Self.table
        if ProcessInfo.processInfo.environment["AIBOM_WRITE_DOCS"] == "1" {
            try Data(text.utf8).write(to: Self.page)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == text)
    }
}
