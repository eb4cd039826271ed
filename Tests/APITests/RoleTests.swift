import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import NIOCore
import ServiceTesting
import Testing

@testable import API

/// Every role on every route, from a table written a second time: as a sentence for each role, not as the code has it.
@Suite("roles")
struct RoleTests {
    /// A caller of the tests: someone whose job it is, someone else, an auditor, root, and nobody.
    enum Who: CaseIterable {
        case owner, stranger, auditor, root, nobody

        var uid: UInt32 { self == .root ? 0 : gatewayUser }

        var headers: HTTPFields {
            switch self {
            case .owner: statement("oidc:owner", .submitter)
            case .stranger: statement("oidc:stranger", .submitter)
            case .auditor: statement("oidc:auditor", .auditor)
            case .root, .nobody: [:]
            }
        }
    }

    /// A route as a client asks for it, and the statuses of those who ask.
    struct Row: CustomTestStringConvertible {
        let method: HTTPRequest.Method
        let path: String
        let body: ByteBuffer?
        let statuses: [Who: Int]

        init(
            _ method: HTTPRequest.Method, _ path: String, body: ByteBuffer? = nil, owner: Int, stranger: Int,
            auditor: Int, root: Int, nobody: Int
        ) {
            self.method = method
            self.path = path
            self.body = body
            statuses = [.owner: owner, .stranger: stranger, .auditor: auditor, .root: root, .nobody: nobody]
        }

        var testDescription: String { "\(method) \(path)" }
    }

    static let rows: [Row] =
        ["/healthz", "/readyz", "/v1/keys", "/v1/keys/history", "/openapi.json", "/docs"].map {
            Row(.get, $0, owner: 200, stranger: 200, auditor: 200, root: 200, nobody: 200)
        }
        + ["/v1/rootfs", "/v1/policies", "/v1/jobs", "/v1/status"].map {
            Row(.get, $0, owner: 200, stranger: 200, auditor: 200, root: 200, nobody: 401)
        }
        + ["", "/events", "/logs", "/artifacts", "/artifacts/metrics.json"].map {
            Row(.get, "/v1/jobs/{id}\($0)", owner: 200, stranger: 404, auditor: 200, root: 200, nobody: 401)
        }
        + ["{level}/{first}", "{level}/{first}/{second}", "{level}/{first}/{second}/{third}"].map {
            Row(.get, "/v1/log/tile/\($0)", owner: 403, stranger: 403, auditor: 404, root: 404, nobody: 401)
        }
        + [
            Row(
                .get, "/v1/log/tile/{level}/{first}/{second}/{third}/{fourth}", owner: 403, stranger: 403, auditor: 404,
                root: 404, nobody: 401),
            Row(
                .post, "/v1/blobs", body: ByteBuffer(string: "x"), owner: 201, stranger: 201, auditor: 403, root: 201,
                nobody: 401),
            Row(
                .post, "/v1/jobs", body: requestBody(), owner: 202, stranger: 202, auditor: 403, root: 202, nobody: 401),
            Row(.post, "/v1/jobs/{id}/cancel", owner: 202, stranger: 404, auditor: 403, root: 202, nobody: 401),
            Row(.get, "/metrics", owner: 403, stranger: 403, auditor: 200, root: 200, nobody: 401),
            Row(.get, "/v1/log/checkpoint", owner: 403, stranger: 403, auditor: 200, root: 200, nobody: 401),
            Row(.get, "/v1/log/checkpoints", owner: 403, stranger: 403, auditor: 404, root: 404, nobody: 401),
            Row(
                .post, "/v1/witness/add-checkpoint", owner: 404, stranger: 404, auditor: 404, root: 404, nobody: 404),
            // An auditor gets as far as the body.
            Row(.post, "/v1/log/reviews", owner: 403, stranger: 403, auditor: 415, root: 415, nobody: 401),
            Row(
                .post, "/v1/jobs/{id}/artifacts/metrics.json/link", owner: 201, stranger: 404, auditor: 201, root: 201,
                nobody: 401),
            Row(.get, "/v1/tokens", owner: 403, stranger: 403, auditor: 403, root: 200, nobody: 401),
            // Root gets as far as the body, and to the token that is not there.
            Row(.post, "/v1/tokens", owner: 403, stranger: 403, auditor: 403, root: 415, nobody: 401),
            Row(.delete, "/v1/tokens/{id}", owner: 403, stranger: 403, auditor: 403, root: 404, nobody: 401),
            Row(.delete, "/v1/jobs/{id}/inputs", owner: 200, stranger: 404, auditor: 403, root: 200, nobody: 401),
            Row(.get, "/nowhere", owner: 404, stranger: 404, auditor: 404, root: 404, nobody: 401),
        ]

    @Test("may do what the table says and nothing else", arguments: rows)
    func table(row: Row) async throws {
        for who in Who.allCases {
            let peer = Peer(gatewayUser)
            try await withRoutes(of: FakeService(), as: peer, gatewayStates: [.submitter, .auditor]) { client in
                let id = try await submit(client, headers: Who.owner.headers)
                peer.become(who.uid)
                var headers = who.headers
                if row.path == "/v1/jobs", row.method == .post { headers[.contentType] = "application/json" }
                let response = try await client.execute(
                    uri: row.path.replacing("{id}", with: id).replacing("{", with: "").replacing("}", with: ""),
                    method: row.method, headers: headers, body: row.body)
                #expect(response.status.code == row.statuses[who], "\(who)")
                if response.status.code >= 400 { _ = try response.problem() }
            }
        }
    }

    @Test("see in the list what is theirs: a submitter its own, auditors and operators everything")
    func list() async throws {
        let peer = Peer(gatewayUser)
        try await withRoutes(of: FakeService(), as: peer, gatewayStates: [.submitter, .auditor]) { client in
            _ = try await submit(client, headers: Who.owner.headers)
            for (who, count) in [(Who.owner, 1), (.stranger, 0), (.auditor, 1), (.root, 1)] {
                peer.become(who.uid)
                let response = try await client.execute(uri: "/v1/jobs", method: .get, headers: who.headers)
                #expect(try response.json["jobs"]?.arrayValue?.count == count, "\(who)")
            }
        }
    }

    @Test("have a row for every route that there is, and a row of the table for every one of these")
    func complete() {
        let router = Routes.router(for: FakeService())
        // HEAD is for whom GET is for.
        let routes = router.routes.filter { $0.method != .head }
        for route in routes { #expect(Access.table[route.description] != nil, "\(route)") }
        // A row without a route is not wrong, but this test would not see the next one either.
        #expect(routes.count >= 14)
        let tried = Set(Self.rows.map { "\($0.method) \($0.path.replacing("metrics.json", with: "{name}"))" })
        for route in routes { #expect(tried.contains(route.description), "\(route)") }
    }
}
