import EvidenceTesting
import Foundation
import JSON
import Jobs
import Keys
import ServiceTesting
import Signing
import Testing

@testable import Gateway

@Suite("verify", .timeLimit(.minutes(1)), .enabled(if: geteuid() == 0))
struct BundleTests {
    private func form(
        _ evidence: Evidence, without missing: String = "", _ change: (String, [UInt8]) -> [UInt8] = { $1 }
    ) throws -> Form {
        var form = Form()
        for name in try evidence.names where name != missing {
            form.add(name, file: "x", change(name, try evidence.read(name)))
        }
        return form
    }

    private func verdict(_ port: UInt16, _ form: Form, _ key: String) async throws -> JSON {
        var form = form
        form.add("key", key)
        let answer = try await form.send(to: "/v1/verify", port)
        try #require(answer.status == 200, "\(answer)")
        return try answer.json
    }

    @Test("gives the verdict that the command line would")
    func verdicts() async throws {
        let evidence = try Evidence()
        let key = evidence.publicKey.pem
        try await RunningGateway.with(FakeService()) { port in
            let good = try await verdict(port, form(evidence), key)
            #expect(good["verified"] == true, "\(good)")
            let changed = try form(evidence) { $0 == "trained_model.keras" ? $1 + [0] : $1 }
            #expect(try await verdict(port, changed, key)["verified"] == false)
            #expect(try await verdict(port, form(evidence, without: "logs.txt"), key)["verified"] == false)
            #expect(try await verdict(port, form(evidence, without: "aibom.sig"), key)["verified"] == false)
            #expect(try await verdict(port, form(evidence), Evidence().publicKey.pem)["verified"] == false)
            var extra = try form(evidence)
            extra.add("extra.txt", file: "x", [1])
            #expect(try await verdict(port, extra, key)["verified"] == false)
        }
    }

    @Test("says what is missing, and bounds what it holds")
    func refuses() async throws {
        var configuration = GatewayConfiguration()
        configuration.limits.bundleDocument = 1000
        let evidence = try Evidence()
        try await RunningGateway.with(FakeService(), configuration) { port in
            var small = Form()
            small.add("logs.txt", file: "x", try evidence.read("logs.txt"))
            let keyless = try await small.send(to: "/v1/verify", port)
            #expect(keyless.status == 422)
            #expect(try Problem(json: keyless.json)?.field == "key")
            let large = try await form(evidence).send(to: "/v1/verify", port)
            #expect(large.status == 413)
            #expect(try Problem(json: large.json)?.field == "aibom.json")
            var nonsense = Form()
            nonsense.add("key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
            #expect(try await nonsense.send(to: "/v1/verify", port).status == 422)
        }
    }
}
