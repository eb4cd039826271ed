internal import JSON

/// How urgent a job is beside others: 0…9, higher first.
package enum JobPriority {
    package static let range = 0...9
    package static let usual = 5
}

/// How often a job is begun at most, counting the attempts that a supervisor's death cut short.
package enum JobAttempts {
    package static let range = 1...3
    package static let usual = 3
}

extension JobRequest {
    /// Refuses what only an operator may ask for: to be ahead of everybody.
    package func checkPriority(isOperator: Bool) throws(Violation) {
        guard isOperator || priority <= JobPriority.usual else {
            throw Violation(
                "priority", "is above \(JobPriority.usual), which is for operators",
                limit: .integer(Int64(JobPriority.usual)), remedy: "ask for \(JobPriority.usual) or less")
        }
    }

    /// A whole number of the request within `range`; `usual` where there is none.
    static func number(
        _ value: JSON?, _ field: String, in range: ClosedRange<Int>, usual: Int
    ) throws(Violation) -> Int {
        guard let value, value != .null else { return usual }
        guard let number = value.integerValue, range.contains(Int(clamping: number)) else {
            throw Violation(
                field, "is not a whole number from \(range.lowerBound) to \(range.upperBound)",
                limit: .array([.integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))]),
                remedy: "send one of them, or leave it out for \(usual)")
        }
        return Int(number)
    }
}
