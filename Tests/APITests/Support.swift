import API
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import NIOCore
import ServiceTesting
import Synchronization
import Testing

/// A user that a test can change between two requests.
final class Peer: Sendable {
    private let current: Mutex<UInt32?>

    init(_ uid: UInt32?) { current = Mutex(uid) }

    func become(_ uid: UInt32?) { current.withLock { $0 = uid } }

    var identity: PeerIdentity { PeerIdentity { [self] _ in current.withLock { $0 } } }
}

/// The user that the gateway of the tests runs as.
let gatewayUser: UInt32 = 990

/// Runs `body` against the routes of `service`, without a socket.
func withRoutes(
    of service: FakeService, as peer: Peer = Peer(0), admitting admitted: Set<UInt32> = [0, 7, 8],
    gatewayStates roles: Set<Role> = [.submitter], limiter: RateLimiter = RateLimiter(.off),
    _ body: @Sendable @escaping (any TestClientProtocol) async throws -> Void
) async throws {
    let router = Routes.router(
        for: service, identity: peer.identity, admitting: admitted,
        gateway: Gateway(uid: gatewayUser, mayState: roles), limiter: limiter)
    try await Application(router: router, logger: RunningServer.quiet).test(.router, body)
}

extension TestResponse {
    var json: JSON {
        get throws { try JSON.parse(Array(body.readableBytesView), limits: .document) }
    }

    /// The problem that this answer is, after checking that all of it says the same.
    func problem() throws -> Problem {
        #expect(headers[.contentType] == "application/problem+json")
        let problem = try #require(Problem(json: json))
        #expect(problem.status == status.code)
        #expect(!problem.remedy.isEmpty)
        return problem
    }
}

let digest = String(repeating: "ab", count: 32)

/// A request in the order that a client would write it.
func requestBody(rootfs: String = "keras") -> ByteBuffer {
    ByteBuffer(
        string: """
            {"rootfs":"\(rootfs)","policy":"strict","inputs":{"model":{"file_name":"m.keras","sha256":"\(digest)"}},
             "parameters":{"epochs":3},"metadata":{"model_name":"wine"}}
            """)
}

let jsonType: HTTPFields = [.contentType: "application/json"]

func withKey(_ key: String) -> HTTPFields {
    var fields = jsonType
    if let name = HTTPField.Name("Idempotency-Key") { fields[name] = key }
    return fields
}

/// The gateway's word about a user of an identity provider.
func statement(_ owner: String, _ role: Role) -> HTTPFields { [.aibomOwner: owner, .aibomRole: role.rawValue] }

/// Submits a job and answers its id.
func submit(_ client: any TestClientProtocol, headers: HTTPFields = [:]) async throws -> String {
    var headers = headers
    headers[.contentType] = "application/json"
    return try await client.execute(uri: "/v1/jobs", method: .post, headers: headers, body: requestBody()) { response in
        #expect(response.status == .accepted)
        return try #require(try response.json["job_id"]?.stringValue)
    }
}
