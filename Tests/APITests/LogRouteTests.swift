import API
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import NIOCore
import ServiceTesting
import Synchronization
import Testing

@Suite("the audit log's routes")
struct LogRouteTests {
    @Test("serve files under the names that C2SP gives them, tiles for good and the checkpoint for now")
    func files() async throws {
        let service = FakeService()
        service.state.withLock {
            $0.logFiles = ["checkpoint": [1], "tile/entries/x001/234.p/7": [2, 3], "tile/0/000": [4]]
        }
        try await withRoutes(of: service) { client in
            let checkpoint = try await client.execute(uri: "/v1/log/checkpoint", method: .get)
            #expect(checkpoint.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(checkpoint.headers[.cacheControl] == "no-store")
            for (path, bytes) in [("tile/entries/x001/234.p/7", [2, 3]), ("tile/0/000", [4])] as [(String, [UInt8])] {
                let tile = try await client.execute(uri: "/v1/log/\(path)", method: .get)
                #expect(Array(tile.body.readableBytesView) == bytes)
                #expect(tile.headers[.contentType] == "application/octet-stream")
                #expect(tile.headers[.cacheControl]?.contains("immutable") == true)
            }
            #expect(try await client.execute(uri: "/v1/log/tile/0/001", method: .get).status == .notFound)
        }
    }

    @Test(
        "refuse a review that does not say what was seen and found",
        arguments: [
            "{}", #"{"through":-1,"finding":"x"}"#, #"{"through":1.5,"finding":"x"}"#, #"{"through":1,"finding":""}"#,
            #"{"through":1}"#, #"{"through":1,"finding":"x","by":"me"}"#, #"{"through":"1","finding":"x"}"#,
        ])
    func badReviews(body: String) async throws {
        let service = FakeService()
        try await withRoutes(of: service) { client in
            let answer = try await client.execute(
                uri: "/v1/log/reviews", method: .post, headers: jsonType, body: ByteBuffer(string: body))
            #expect(answer.status.code == 422)
        }
        #expect(service.state.withLock { $0.reviews }.isEmpty)
    }

    @Test("take a review in the name of who sends it")
    func review() async throws {
        let service = FakeService()
        try await withRoutes(of: service) { client in
            let body = ByteBuffer(string: #"{"through":8.0,"finding":"nothing unusual"}"#)
            let answer = try await client.execute(uri: "/v1/log/reviews", method: .post, headers: jsonType, body: body)
            #expect(answer.status == .created)
        }
        #expect(service.state.withLock { $0.reviews } == ["uid:0 8 nothing unusual"])
    }

    @Test("are told of what a submission was refused for, and of nothing else")
    func refusals() async throws {
        let service = FakeService()
        try await withRoutes(of: service) { client in
            _ = try await client.execute(
                uri: "/v1/jobs", method: .post, headers: jsonType, body: ByteBuffer(string: "{"))
            _ = try await client.execute(
                uri: "/v1/jobs", method: .post, headers: jsonType, body: requestBody(rootfs: "../x"))
            _ = try await client.execute(uri: "/v1/jobs/none", method: .get)
            _ = try await submit(client)
        }
        #expect(service.state.withLock { $0.refusals.map(\.status) } == [400, 422])
    }
}
