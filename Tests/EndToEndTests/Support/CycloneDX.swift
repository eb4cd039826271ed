import Foundation
import PythonTesting
import Testing

enum CycloneDX {
    /// Expects a document to be valid; where the validator can't be had nothing is said, except where every test must run.
    static func expectValid(_ document: String) async throws {
        guard await CycloneDXValidator.isReady || PythonEnvironment.mustRun else { return }
        let verdict = try await CycloneDXValidator.validate(URL(filePath: document))
        #expect(verdict.status == 0, "\(verdict.output)")
    }
}
