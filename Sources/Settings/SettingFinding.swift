package import JSON
package import Jobs

/// Where a value was given; a later case overrides an earlier one.
package enum SettingSource: Sendable, Equatable, CustomStringConvertible {
    case file(String, line: Int)
    case variable(String)
    case option(String)

    package var description: String {
        switch self {
        case .file(let path, let line): "\(path):\(line)"
        case .variable(let name): "environment variable \(name)"
        case .option(let text): text
        }
    }
}

/// What is wrong or doubtful in what an operator wrote.
package struct SettingFinding: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Severity: String, Sendable { case error, warning }

    package let severity: Severity
    package let source: SettingSource
    package let violation: Violation

    init(_ severity: Severity, _ source: SettingSource, _ violation: Violation) {
        self.severity = severity
        self.source = source
        self.violation = violation
    }

    package var description: String {
        "\(source): \(severity.rawValue): \(violation.field) \(violation.reason); \(violation.remedy)"
    }

    package var json: JSON {
        var line = JSON.null
        if case .file(_, let number) = source { line = .integer(Int64(number)) }
        return [
            "severity": .string(severity.rawValue), "source": .string(source.description), "line": line,
            "key": .string(violation.field), "reason": .string(violation.reason), "limit": violation.limit ?? .null,
            "remedy": .string(violation.remedy),
        ]
    }
}
