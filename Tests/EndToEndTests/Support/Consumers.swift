import PythonTesting
import Testing

enum Consumers {
    /// Expects others' programs to take the statements and the model's signature of a completed job; where they can't be had
    /// nothing is said, except where every test must run.
    static func expectVerified(_ artifacts: String, key: String) async throws {
        guard await StatementConsumers.isReady || PythonEnvironment.mustRun else { return }
        let statements = try await StatementConsumers.verifyStatements(in: artifacts, key: key)
        #expect(statements.status == 0, "\(statements.output)")
        #expect(statements.output.split(separator: "\n").count == 4, "\(statements.output)")
        let model = try await StatementConsumers.verifyModel(
            in: artifacts, signature: "\(artifacts)/model.sig", key: key)
        #expect(model.status == 0, "\(model.output)")
    }
}
