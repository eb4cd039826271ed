import API
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import Measure
import NIOCore
import ServiceTesting
import Synchronization
import Testing

@Suite("token routes")
struct TokenRouteTests {
    private static func body(_ owner: String, _ role: Role, expires: String = "null") -> ByteBuffer {
        ByteBuffer(string: #"{"owner":"\#(owner)","role":"\#(role.rawValue)","expires":\#(expires)}"#)
    }

    /// Makes a token as root and answers its text and id.
    private func token(
        _ client: any TestClientProtocol, _ peer: Peer, _ owner: String, _ role: Role
    ) async throws -> (text: String, id: String) {
        peer.become(0)
        defer { peer.become(gatewayUser) }
        let response = try await client.execute(
            uri: "/v1/tokens", method: .post, headers: jsonType, body: Self.body(owner, role))
        #expect(response.status == .created)
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(try response.json["made_by"] == "uid:0")
        return (
            try #require(try response.json["token"]?.stringValue), try #require(try response.json["id"]?.stringValue)
        )
    }

    private func bearer(_ text: String, scheme: String = "Bearer") -> HTTPFields {
        [.authorization: "\(scheme) \(text)"]
    }

    @Test("make tokens that act as their owner and role, until they are revoked")
    func live() async throws {
        let peer = Peer(gatewayUser)
        try await withRoutes(of: FakeService(), as: peer) { client in
            let alice = try await token(client, peer, "alice", .submitter)
            let bob = try await token(client, peer, "bob", .submitter)
            let auditor = try await token(client, peer, "auditor", .auditor)
            let id = try await submit(client, headers: bearer(alice.text))
            func status(_ text: String, scheme: String = "Bearer") async throws -> Int {
                try await client.execute(
                    uri: "/v1/jobs/\(id)", method: .get, headers: bearer(text, scheme: scheme)
                ).status.code
            }
            #expect(try await status(alice.text) == 200)
            #expect(try await status(alice.text, scheme: "bEARER") == 200)
            #expect(try await status(bob.text) == 404)
            #expect(try await status(auditor.text) == 200)
            let job = try await client.execute(uri: "/v1/jobs/\(id)", method: .get, headers: bearer(alice.text))
            #expect(try job.json["owner"] == "alice")

            peer.become(0)
            let revoked = try await client.execute(uri: "/v1/tokens/\(alice.id)", method: .delete)
            #expect(try revoked.json["revoked"]?.stringValue != nil)
            peer.become(gatewayUser)
            #expect(try await status(alice.text) == 401)
            #expect(try await status(bob.text) == 404)
        }
    }

    @Test("are for operators, also for those with a token")
    func operators() async throws {
        let peer = Peer(gatewayUser)
        try await withRoutes(of: FakeService(), as: peer) { client in
            var headers: [Role: HTTPFields] = [:]
            for role in Role.allCases { headers[role] = bearer(try await token(client, peer, "o", role).text) }
            for role in Role.allCases {
                var headers = try #require(headers[role])
                let isOperator = role == .operator
                #expect(
                    try await client.execute(uri: "/v1/tokens", method: .get, headers: headers).status.code
                        == (isOperator ? 200 : 403))
                let missing = "/v1/tokens/0123456789abcdef"
                #expect(
                    try await client.execute(uri: missing, method: .delete, headers: headers).status.code
                        == (isOperator ? 404 : 403))
                headers[.contentType] = "application/json"
                let made = try await client.execute(
                    uri: "/v1/tokens", method: .post, headers: headers, body: Self.body("p", .submitter))
                #expect(made.status.code == (isOperator ? 201 : 403))
            }
        }
    }

    @Test("never show a token's text again")
    func secrecy() async throws {
        let peer = Peer(gatewayUser)
        try await withRoutes(of: FakeService(), as: peer) { client in
            let (text, _) = try await token(client, peer, "alice", .operator)
            let secret = text.dropFirst("aibom_".count)
            let id = try await submit(client, headers: bearer(text))
            for path in [
                "/v1/tokens", "/v1/jobs", "/v1/jobs/\(id)", "/v1/jobs/\(id)/events", "/v1/jobs/x", "/nowhere",
                "/v1/keys",
            ] {
                let response = try await client.execute(uri: path, method: .get, headers: bearer(text))
                #expect(!String(buffer: response.body).contains(secret), "\(path)")
            }
            let halves = String(text.dropLast())
            let response = try await client.execute(uri: "/v1/jobs", method: .get, headers: bearer(halves))
            #expect(response.status == .unauthorized)
            #expect(!String(buffer: response.body).contains(secret.prefix(20)))
        }
    }

    @Test(
        "refuse a request that is wrong, by field",
        arguments: [
            (#"{"owner":"uid:0","role":"submitter","expires":null}"#, "owner"),
            (#"{"owner":"oidc:a","role":"submitter","expires":null}"#, "owner"),
            (#"{"owner":"","role":"submitter","expires":null}"#, "owner"),
            (#"{"role":"submitter","expires":null}"#, "owner"),
            (#"{"owner":"a","role":"root","expires":null}"#, "role"),
            (#"{"owner":"a","role":"submitter"}"#, "expires"),
            (#"{"owner":"a","role":"submitter","expires":"2020-01-01T00:00:00Z"}"#, "expires"),
            (#"{"owner":"a","role":"submitter","expires":"tomorrow"}"#, "expires"),
            (#"{"owner":"a","role":"submitter","expires":90}"#, "expires"),
            (#"{"owner":"a","role":"submitter","expires":"2100-02-30T00:00:00Z"}"#, "expires"),
            (#"{"owner":"a","role":"submitter","expires":null,"expirse":1}"#, "expirse"),
        ])
    func refuse(body: String, field: String) async throws {
        try await withRoutes(of: FakeService()) { client in
            let response = try await client.execute(
                uri: "/v1/tokens", method: .post, headers: jsonType, body: ByteBuffer(string: body))
            let problem = try response.problem()
            #expect(problem.status == 422)
            #expect(problem.field == field)
        }
    }

    @Test("end an event stream when its token is revoked", .timeLimit(.minutes(1)))
    func stream() async throws {
        let service = FakeService(events: [.note("waiting")], endless: true)
        let request = TokenRequest(owner: "alice", role: .submitter, expires: nil)
        let new = try await service.createToken(request, by: "test")
        try await withRoutes(of: service, as: Peer(gatewayUser)) { client in
            let id = try await submit(client, headers: bearer(new.text.revealed))
            // The test client answers when the stream is over; only the revocation can end it.
            let revocation = Task {
                while service.state.withLock({ $0.streams }) == 0 { try await Task.sleep(for: .milliseconds(10)) }
                _ = try await service.revokeToken(new.token.id)
            }
            let response = try await client.execute(
                uri: "/v1/jobs/\(id)/events", method: .get, headers: bearer(new.text.revealed))
            #expect(response.status == .ok)
            #expect(!service.isLive(new.token.id))
            try await revocation.value
        }
    }
}
