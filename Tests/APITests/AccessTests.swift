import API
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import NIOCore
import ServiceTesting
import Testing

@Suite("access")
struct AccessTests {
    @Test("is for those who are listed and known", arguments: [UInt32?.none, 1, 65534])
    func listed(uid: UInt32?) async throws {
        try await withRoutes(of: FakeService(), as: Peer(uid)) { client in
            for path in ["/v1/jobs", "/healthz", "/nowhere"] {
                #expect(try await client.execute(uri: path, method: .get).problem().status == 403)
            }
            let upload = try await client.execute(uri: "/v1/blobs", method: .post, body: ByteBuffer(string: "x"))
            #expect(try upload.problem().status == 403)
        }
    }

    @Test("to a job is its owner's and root's; to others it is not there")
    func owners() async throws {
        let peer = Peer(7)
        try await withRoutes(of: FakeService(), as: peer) { client in
            let id = try await submit(client)
            let paths = ["", "/events", "/logs", "/artifacts", "/artifacts/metrics.json"].map { "/v1/jobs/\(id)\($0)" }
            for (uid, status) in [(UInt32(7), 200), (0, 200), (8, 404)] {
                peer.become(uid)
                for path in paths {
                    #expect(try await client.execute(uri: path, method: .get).status.code == status, "\(uid) \(path)")
                }
                let seen = try await client.execute(uri: "/v1/jobs", method: .get).json["jobs"]?.arrayValue?.count
                #expect(seen == (status == 200 ? 1 : 0))
            }
            let cancel = try await client.execute(uri: "/v1/jobs/\(id)/cancel", method: .post)
            #expect(try cancel.problem().status == 404)
        }
    }

    @Test(
        "every error has its status and says nothing of the host",
        arguments: [
            (ServiceError.fault, 500), (.storageFull, 507), (.tooLarge(limit: 9), 413),
            (.conflict("the job is sealing", remedy: "wait"), 409),
            (.unavailable("shutting down", remedy: "wait"), 503),
            (.forbidden, 403), (.unauthenticated(.missing), 401), (.notForRole(.auditor), 403),
            (.notFound(kind: "job"), 404), (.malformed("x", remedy: "y"), 400),
        ])
    func everyError(error: ServiceError, status: Int) async throws {
        let service = FakeService()
        try await withRoutes(of: service) { client in
            let id = try await submit(client)
            service.fail(with: error)
            let problem = try await client.execute(uri: "/v1/jobs/\(id)", method: .get).problem()
            #expect(problem.status == status)
            #expect(problem.instance == "/v1/jobs/\(id)")
        }
    }

    @Test("a route that is not there is a problem as well")
    func noRoute() async throws {
        try await withRoutes(of: FakeService()) { client in
            for (method, path) in [(HTTPRequest.Method.get, "/"), (.get, "/v1/../etc"), (.get, "/v1/jobs/x/y?z=1")] {
                let problem = try await client.execute(uri: path, method: method).problem()
                #expect(problem.title == "There is no such route")
            }
        }
    }

    @Test("a method that a path does not have is refused, and those it has are named")
    func wrongMethod() async throws {
        try await withRoutes(of: FakeService()) { client in
            let id = JobIDSource().next()
            let cases: [(HTTPRequest.Method, String, String)] = [
                (.put, "/v1/jobs", "GET, HEAD, POST"), (.options, "/v1/jobs?limit=1", "GET, HEAD, POST"),
                (.delete, "/v1/jobs/\(id)", "GET, HEAD"), (.get, "/v1/jobs/\(id)/cancel", "POST"),
                (.trace, "/healthz", "GET, HEAD"),
            ]
            for (method, path, allowed) in cases {
                let response = try await client.execute(uri: path, method: method)
                #expect(try response.problem().status == 405)
                #expect(response.headers[.allow] == allowed)
            }
        }
    }
}
