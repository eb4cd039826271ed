package import Verify

/// A verdict as lines for people: what came of it, what was checked, and who vouches.
package enum VerdictTable {
    package static func lines(_ verdict: Verdict) -> [String] {
        let rows = [["", "what", "subject", "vouched by", ""]] + verdict.checks.map(row)
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = (0..<4).map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) }
            return (cells + [row[4]]).joined(separator: "  ")
        }
    }

    package static func conclusion(_ verdict: Verdict) -> String {
        guard verdict.holds else {
            let reasons = verdict.failures.compactMap { $0.reason?.rawValue }
            var seen: Set<String> = []
            return "NOT verified: \(reasons.filter { seen.insert($0).inserted }.joined(separator: ", "))"
        }
        let claimed = verdict.checks.filter { $0.outcome == .claimed }.map(\.name.rawValue)
        return claimed.isEmpty ? "verified" : "verified; only claimed: \(claimed.joined(separator: ", "))"
    }

    private static func row(_ check: Check) -> [String] {
        let detail = check.reason.map { "\($0.rawValue): \(check.detail)" } ?? check.detail
        return [mark(check.outcome), check.name.rawValue, check.subject, voucher(check), detail]
    }

    private static func mark(_ outcome: Check.Outcome) -> String {
        switch outcome {
        case .holds: "ok"
        case .fails: "FAIL"
        case .claimed: "claimed"
        }
    }

    /// Key ids are shown by their beginning; `--json` has them whole.
    private static func voucher(_ check: Check) -> String {
        guard check.reason == nil else { return "-" }
        switch check.voucher {
        case .computation: return "this computation"
        case .nobody: return "nobody"
        case .key(let id), .tpm(let id): return "\(check.voucher.kind) \(id.prefix(16))…"
        case .log(let name), .timestampAuthority(let name), .authority(let name):
            return "\(check.voucher.kind) \(name)"
        }
    }
}
