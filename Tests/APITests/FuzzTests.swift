import API
import Foundation
import Jobs
import Measure
import PythonTesting
import ServiceTesting
import Synchronization
import Testing

/// schemathesis reads the document and tries to make the service break what it says there: every check that it has.
@Suite(
    "fuzzed by its own document", .enabled(if: geteuid() == 0),
    .enabled("no python3 with schemathesis") { await Checker.isReady || PythonEnvironment.mustRun },
    .timeLimit(.minutes(10)))
struct FuzzTests {
    private static let examples = ProcessInfo.processInfo.environment["AIBOM_FUZZ_EXAMPLES"] ?? "20"

    /// Asked as the gateway would ask, with a token: so that it matters whether there is one.
    @Test("the service does what it says")
    func schemathesis() async throws {
        let service = FakeService(events: [.state(.queued, attempt: 1), .state(.completed, attempt: 1)])
        let token = TokenText(secret: Array(repeating: 0xaa, count: TokenText.secretBytes))
        let holder = AccessToken(
            id: TokenID(random: Array(repeating: 0xaa, count: TokenID.bytes)), owner: "fuzzer", role: .operator,
            maker: "uid:0", created: Instant(milliseconds: 1), expires: nil)
        service.state.withLock { $0.unlisted[token.digest] = holder }
        try await RunningServer.with(service, gateway: Gateway(uid: gatewayUser), limits: .off) { path in
            let document = PythonEnvironment.root.appending(path: "openapi/openapi.json").path
            let arguments = [document, path, "\(gatewayUser)", token.revealed, Self.examples]
            let result = try await Checker.run("fuzz.py", arguments)
            #expect(result.status == 0, "\(result.output)")
        }
    }
}
