internal import Dispatch

/// Runs what waits, for a process mostly, on a thread that may. Those of the tests are as few as the cores, and a server under test
/// needs them: two tests that held them would wait for each other for ever.
package func waiting<Answer: Sendable>(
    _ body: @escaping @Sendable () throws -> Answer
) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
    }
}
