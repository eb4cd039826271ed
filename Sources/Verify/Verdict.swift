package import JSON

/// Everything that was checked, in order. What is not in the list was not checked.
package struct Verdict: Sendable, Equatable {
    package private(set) var checks: [Check] = []

    /// Whether all of it holds; nothing checked is nothing proved, and claims alone are nothing.
    package var holds: Bool { failures.isEmpty && checks.contains { $0.outcome == .holds } }

    package var failures: [Check] { checks.filter { !$0.ok } }

    mutating func pass(_ name: Check.Name, _ subject: String, by voucher: Check.Voucher, _ detail: String) {
        checks.append(Check(name: name, subject: subject, outcome: .holds, voucher: voucher, detail: detail))
    }

    mutating func claim(_ name: Check.Name, _ subject: String, by voucher: Check.Voucher = .nobody, _ detail: String) {
        checks.append(Check(name: name, subject: subject, outcome: .claimed, voucher: voucher, detail: detail))
    }

    mutating func fail(_ name: Check.Name, _ subject: String, _ reason: Reason, _ detail: String) {
        checks.append(
            Check(name: name, subject: subject, outcome: .fails(reason), voucher: .nobody, detail: detail))
    }

    package var json: JSON { ["verified": .bool(holds), "checks": .array(checks.map(\.json))] }
}

extension Check {
    var json: JSON {
        let outcome: JSON =
            switch outcome {
            case .holds: "holds"
            case .fails: "fails"
            case .claimed: "claimed"
            }
        return [
            "name": .string(name.rawValue), "subject": .string(subject), "ok": .bool(ok), "outcome": outcome,
            "reason": reason.map { .string($0.rawValue) } ?? .null,
            "vouched_by": ["kind": .string(voucher.kind), "id": voucher.id.map(JSON.string) ?? .null],
            "detail": .string(detail),
        ]
    }
}
