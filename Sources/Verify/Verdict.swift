package import JSON

/// One thing that was checked.
package struct Check: Sendable, Equatable {
    package enum Name: String, Sendable {
        case folder
        case signature
        case document
        case key
        case artifact
        case model
        case extra
        case input
        case log
    }

    package let name: Name
    /// The file, or the part of the document, that it is about.
    package let subject: String
    package let ok: Bool
    package let detail: String
}

/// Everything that was checked, in order. What is not in the list was not checked.
package struct Verdict: Sendable, Equatable {
    package private(set) var checks: [Check] = []

    /// Whether all of it holds; nothing checked is nothing proved.
    package var holds: Bool { !checks.isEmpty && checks.allSatisfy(\.ok) }

    package var failures: [Check] { checks.filter { !$0.ok } }

    mutating func pass(_ name: Check.Name, _ subject: String, _ detail: String) {
        checks.append(Check(name: name, subject: subject, ok: true, detail: detail))
    }

    mutating func fail(_ name: Check.Name, _ subject: String, _ detail: String) {
        checks.append(Check(name: name, subject: subject, ok: false, detail: detail))
    }

    package var json: JSON {
        [
            "verified": .bool(holds),
            "checks": .array(
                checks.map { check in
                    [
                        "name": .string(check.name.rawValue), "subject": .string(check.subject),
                        "ok": .bool(check.ok), "detail": .string(check.detail),
                    ]
                }),
        ]
    }
}
