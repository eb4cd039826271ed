import Intake
import Jobs

extension InputCheck {
    /// What a check says of bytes that come in pieces of these sizes, over and over.
    static func verdict(
        _ check: Self, _ bytes: [UInt8], sizes: [Int] = [.max]
    ) -> Result<Finding, Violation> {
        var check = check
        var rest = bytes[...]
        var turn = 0
        do throws(Violation) {
            while !rest.isEmpty {
                let piece = Array(rest.prefix(max(1, sizes[turn % sizes.count])))
                turn += 1
                rest = rest.dropFirst(piece.count)
                try check.take(piece.span.bytes)
            }
            return .success(try check.finish())
        } catch {
            return .failure(error)
        }
    }
}

extension Result where Failure == Violation {
    /// Everything that a refusal says; empty for none.
    var words: String {
        switch self {
        case .success: ""
        case .failure(let violation): "\(violation.field) \(violation.reason); \(violation.remedy)"
        }
    }
}
