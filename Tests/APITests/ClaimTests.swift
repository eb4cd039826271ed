import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import NIOCore
import ServiceTesting
import Testing

@testable import API

/// What the gateway's headers can and can't make of a caller.
@Suite("claims")
struct ClaimTests {
    @Test("of the gateway about an oidc: owner are taken")
    func stated() async throws {
        try await withRoutes(of: FakeService(), as: Peer(gatewayUser)) { client in
            let mine = statement("oidc:https://id.example#a|1", .submitter)
            let id = try await submit(client, headers: mine)
            let job = try await client.execute(uri: "/v1/jobs/\(id)", method: .get, headers: mine).json
            #expect(job["owner"]?.stringValue == "oidc:https://id.example#a|1")
        }
    }

    /// Headers that the gateway may send, hostile or torn, and what they get.
    struct Attempt: CustomTestStringConvertible {
        let headers: [(String, String)]
        let status: Int

        init(_ status: Int, _ headers: (String, String)...) {
            self.headers = headers
            self.status = status
        }

        var testDescription: String { "\(headers.map { "\($0.0): \($0.1.prefix(40))" })" }

        var fields: HTTPFields {
            var fields: HTTPFields = [:]
            for (name, value) in headers {
                if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
            }
            return fields
        }
    }

    @Test(
        "that are none, or two, or not the gateway's to make are refused",
        arguments: [
            Attempt(401), Attempt(401, ("Authorization", "Basic cm9vdDpyb290")), Attempt(401, ("Authorization", "")),
            Attempt(401, ("Authorization", "Bearer")), Attempt(401, ("Authorization", "Bearer ")),
            Attempt(401, ("Authorization", "Bearer  aibom_x")), Attempt(401, ("Authorization", "Bearer aibom_x, b")),
            Attempt(401, ("Authorization", "aibom_x")),
            Attempt(401, ("Authorization", "Bearer \(String(repeating: "a", count: 1 << 20))")),
            Attempt(400, ("Authorization", "Bearer a"), ("Authorization", "Bearer a")),
            Attempt(400, ("Authorization", "Bearer a"), ("Aibom-Owner", "oidc:a"), ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", "oidc:a")), Attempt(400, ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", "uid:0"), ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", "alice"), ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", "OIDC:a"), ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", " oidc:a b"), ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", "oidc:"), ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", "oidc:\u{e9}"), ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", "oidc:\(String(repeating: "a", count: 124))"), ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", "oidc:a"), ("Aibom-Owner", "oidc:b"), ("Aibom-Role", "submitter")),
            Attempt(400, ("Aibom-Owner", "oidc:a"), ("Aibom-Role", "root")),
            Attempt(400, ("Aibom-Owner", "oidc:a"), ("Aibom-Role", "Submitter")),
            Attempt(403, ("Aibom-Owner", "oidc:a"), ("Aibom-Role", "auditor")),
            Attempt(403, ("Aibom-Owner", "oidc:a"), ("Aibom-Role", "operator")),
        ])
    func refused(attempt: Attempt) async throws {
        try await withRoutes(of: FakeService(), as: Peer(gatewayUser)) { client in
            let response = try await client.execute(uri: "/v1/jobs", method: .get, headers: attempt.fields)
            #expect(try response.problem().status == attempt.status)
            let challenge = response.headers[.wwwAuthenticate]
            #expect((challenge != nil) == (attempt.status == 401))
            #expect(challenge?.hasPrefix("Bearer ") != false)
            // What was refused may be a password: it is not repeated.
            #expect(!String(buffer: response.body).contains("cm9vdDpyb290"))
        }
    }

    @Test("of a local user are refused, whatever they say: it is whom the kernel names")
    func localUser() async throws {
        let peer = Peer(0)
        try await withRoutes(of: FakeService(), as: peer) { client in
            for uid in [UInt32(0), 7] {
                peer.become(uid)
                for headers in [statement("oidc:a", .submitter), [.authorization: "Bearer aibom_x"]] {
                    let response = try await client.execute(uri: "/v1/jobs", method: .get, headers: headers)
                    #expect(try response.problem().status == 400, "\(uid)")
                }
            }
        }
    }

    @Test("never make an operator of the gateway's word, nor anything of a gateway that is root")
    func gateway() {
        #expect(Gateway(uid: 0) == nil)
        #expect(Gateway(uid: 5, mayState: [.auditor, .operator])?.mayState == [.auditor])
    }
}

@Suite("owner names")
struct OwnerNameTests {
    @Test("of tokens are plain", arguments: ["a", "Alice", "ci-7", "a.b_c@example.org", "0", "a+b"])
    func given(name: String) throws {
        try OwnerName.checkGiven(name, field: "owner")
        #expect(!OwnerName.isStated(name))
    }

    @Test(
        "that could be another's, or need quoting, are refused",
        arguments: [
            "", "uid:0", "oidc:a", "UID:0", "a:b", "-a", ".", "a b", "a\n", "\u{0}", "caf\u{e9}", "а", "a/b", "a\"",
            String(repeating: "a", count: 129),
        ])
    func refused(name: String) {
        let violation = #expect(throws: Violation.self) { try OwnerName.checkGiven(name, field: "owner") }
        #expect(violation?.field == "owner")
    }
}
