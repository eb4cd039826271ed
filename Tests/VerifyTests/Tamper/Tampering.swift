import Testing
import Verify

/// One way to change evidence, and why it is refused.
struct Tampering: Sendable, CustomTestStringConvertible {
    /// What is changed.
    let artifact: String
    let what: String
    /// Of the first check that fails.
    let reason: Reason
    /// Rows of the reference system's matrix, whose verifier let some of them through.
    let rows: [Int]
    let kind: TamperScene.Kind
    let change: @Sendable (TamperScene) throws -> Void

    init(
        _ artifact: String, _ what: String, _ reason: Reason, rows: [Int] = [], of kind: TamperScene.Kind = .completed,
        _ change: @escaping @Sendable (TamperScene) throws -> Void
    ) {
        self.artifact = artifact
        self.what = what
        self.reason = reason
        self.rows = rows
        self.kind = kind
        self.change = change
    }

    var testDescription: String { "\(artifact): \(what)" }

    static let all = bill + signatures + artifacts + envelopes + statements + models + logs + records + trusts
}
