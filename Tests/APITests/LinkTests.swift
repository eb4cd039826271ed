import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Jobs
import Measure
import NIOCore
import ServiceTesting
import Testing

@testable import API

@Suite("links")
struct LinkTests {
    private static let hour: Int64 = 3_600_000

    /// A link to the metrics of a job of the owner's, through the gateway.
    private func link(_ client: any TestClientProtocol, of id: String) async throws -> String {
        let before = Instant.now().milliseconds
        let response = try await client.execute(
            uri: "/v1/jobs/\(id)/artifacts/metrics.json/link", method: .post,
            headers: statement("oidc:owner", .submitter))
        #expect(response.status == .created)
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(try response.json["artifact_name"] == "metrics.json")
        let end = try #require(try response.json["expires"]?.stringValue.flatMap(Instant.init))
        #expect((before + Self.hour - 1000...Instant.now().milliseconds + Self.hour).contains(end.milliseconds))
        return try #require(try response.json["url"]?.stringValue)
    }

    @Test("open one artifact to whoever has them, at every door")
    func open() async throws {
        let peer = Peer(gatewayUser)
        try await withRoutes(of: FakeService(), as: peer) { client in
            let id = try await submit(client, headers: statement("oidc:owner", .submitter))
            let url = try await link(client, of: id)
            let others: [HTTPFields] = [[:], statement("oidc:stranger", .submitter), [.authorization: "Bearer x"]]
            for headers in others {
                let response = try await client.execute(uri: url, method: .get, headers: headers)
                #expect(response.status == .ok)
                #expect(Array(response.body.readableBytesView) == FakeService.metricsBytes)
            }
            peer.become(8)
            #expect(try await client.execute(uri: url, method: .get).status == .ok)
            // Whom nobody listed does not come in with a link either.
            peer.become(4242)
            #expect(try await client.execute(uri: url, method: .get).problem().status == 403)
        }
    }

    /// What an attacker makes of a good link, and what it gets.
    struct Attack: CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let change: @Sendable (String) -> String

        init(_ name: String, _ status: Int = 403, _ change: @escaping @Sendable (String) -> String) {
            testDescription = name
            self.status = status
            self.change = change
        }
    }

    static let attacks: [Attack] = [
        Attack("another artifact") { $0.replacing("metrics.json", with: "aibom.json") },
        Attack("an escaped spelling of the name") { $0.replacing("metrics", with: "%6detrics") },
        Attack("an escaped dot") { $0.replacing("metrics.json", with: "metrics%2Ejson") },
        Attack("the name in upper case") { $0.replacing("metrics.json", with: "METRICS.JSON") },
        Attack("another job") { $0.replacing(jobID($0), with: JobIDSource().next().description) },
        Attack("the job in upper case") { $0.replacing(jobID($0), with: jobID($0).uppercased()) },
        Attack("a later end") { url in
            let end = digits(url)
            return url.replacing("expires=\(end)", with: "expires=\((Int64(end) ?? 0) + 1)")
        },
        Attack("an earlier end") { url in
            let end = digits(url)
            return url.replacing("expires=\(end)", with: "expires=\((Int64(end) ?? 0) - 1)")
        },
        Attack("an end with a sign") { $0.replacing("expires=", with: "expires=+") },
        Attack("an end with a zero before it") { $0.replacing("expires=", with: "expires=0") },
        Attack("an end beyond all numbers") { $0.replacing("expires=", with: "expires=99999999999999999999") },
        Attack("an escaped digit") { $0.replacing("expires=1", with: "expires=%31") },
        Attack("a signature cut short") { String($0.dropLast()) },
        Attack("a signature cut to nothing") { "\($0.prefix { $0 != "?" })?expires=\(digits($0))&signature=" },
        Attack("a longer signature") { $0 + "0" },
        Attack("another signature") { String($0.dropLast()) + ($0.hasSuffix("0") ? "1" : "0") },
        Attack("the signature in upper case") { url in
            let parts = url.split(separator: "signature=")
            return "\(parts[0])signature=\(parts[1].uppercased())A".replacing("AA", with: "A")
        },
        Attack("zeros for a signature") { url in
            "\(url.split(separator: "signature=")[0])signature=\(String(repeating: "0", count: 64))"
        },
        Attack("another order") { url in
            let parts = url.split(separator: "?")
            return "\(parts[0])?\(parts[1].split(separator: "&").reversed().joined(separator: "&"))"
        },
        Attack("an end given twice") { $0 + "&expires=99999999999" },
        Attack("an end given twice, first") { $0.replacing("?", with: "?expires=99999999999&") },
        Attack("a signature given twice") { $0 + "&signature=\(String(repeating: "0", count: 64))" },
        Attack("something beside") { $0 + "&x=1" },
        Attack("an empty member") { $0 + "&" },
        Attack("a semicolon between") { $0.replacing("&", with: ";") },
        Attack("no end") { "\($0.prefix { $0 != "?" })?signature=\($0.suffix(64))" },
        Attack("no signature") { "\($0.prefix { $0 != "&" })" },
        Attack("an escaped name of the signature") { $0.replacing("signature", with: "%73ignature") },
        Attack("no query", 401) { "\($0.prefix { $0 != "?" })" },
        Attack("the list of artifacts", 401) { $0.replacing("/metrics.json", with: "") },
        Attack("the job", 401) { $0.replacing("/artifacts/metrics.json", with: "") },
        Attack("the log", 401) { $0.replacing("/artifacts/metrics.json", with: "/logs") },
        Attack("a slash doubled") { $0.replacing("/artifacts", with: "//artifacts") },
        Attack("a slash behind") { $0.replacing("metrics.json?", with: "metrics.json/?") },
    ]

    private static func digits(_ url: String) -> String {
        String(url.split(separator: "expires=")[1].prefix { $0.isNumber })
    }

    private static func jobID(_ url: String) -> String { String(url.split(separator: "/")[2]) }

    @Test("that were changed open nothing", arguments: attacks)
    func attack(_ attack: Attack) async throws {
        let peer = Peer(gatewayUser)
        try await withRoutes(of: FakeService(), as: peer) { client in
            let id = try await submit(client, headers: statement("oidc:owner", .submitter))
            let url = try await link(client, of: id)
            let changed = attack.change(url)
            try #require(changed != url)
            let response = try await client.execute(uri: changed, method: .get)
            #expect(try response.problem().status == attack.status)
            #expect(!String(buffer: response.body).contains(String(url.suffix(64))))
        }
    }

    @Test("are for reading: the same proof makes, changes and deletes nothing")
    func methods() async throws {
        try await withRoutes(of: FakeService(), as: Peer(gatewayUser)) { client in
            let id = try await submit(client, headers: statement("oidc:owner", .submitter))
            let url = try await link(client, of: id)
            for method in [HTTPRequest.Method.post, .put, .delete, .patch] {
                let status = try await client.execute(uri: url, method: method).status.code
                #expect([401, 404, 405].contains(status), "\(method)")
            }
            let more = url.replacing("metrics.json?", with: "metrics.json/link?")
            #expect(try await client.execute(uri: more, method: .post).problem().status == 401)
        }
    }

    @Test("are made only for what is there and may be read")
    func making() async throws {
        try await withRoutes(of: FakeService(), as: Peer(gatewayUser), gatewayStates: [.submitter, .auditor]) {
            client in
            let id = try await submit(client, headers: statement("oidc:owner", .submitter))
            func status(_ path: String, _ headers: HTTPFields) async throws -> Int {
                try await client.execute(uri: path, method: .post, headers: headers).status.code
            }
            let path = "/v1/jobs/\(id)/artifacts/metrics.json/link"
            #expect(try await status(path, statement("oidc:stranger", .submitter)) == 404)
            #expect(try await status(path, statement("oidc:auditor", .auditor)) == 201)
            #expect(try await status(path, [:]) == 401)
            let owner = statement("oidc:owner", .submitter)
            #expect(try await status(path.replacing("metrics", with: "nothing"), owner) == 404)
        }
    }

    @Test("end when they say, to the second, and not before")
    func expiry() throws {
        let key = LinkKey(secret: Array(repeating: 1, count: 32), lifetime: 10)
        let link = key.link(to: "a b/ü.json", of: JobIDSource().next(), at: Instant(milliseconds: 5_500))
        let parts = link.url.split(separator: "?").map(String.init)
        #expect(parts[0].hasSuffix("/artifacts/a%20b%2F%C3%BC.json"))
        #expect(link.expires == Instant(milliseconds: 15_000))
        try key.check(parts[1], of: parts[0], at: Instant(milliseconds: 14_999))
        #expect(throws: ServiceError.badLink(.expired)) {
            try key.check(parts[1], of: parts[0], at: Instant(milliseconds: 15_000))
        }
        // Another key's link is wrong, and is not called expired.
        let other = LinkKey(secret: Array(repeating: 2, count: 32), lifetime: 10)
        #expect(throws: ServiceError.badLink(.wrong)) {
            try other.check(parts[1], of: parts[0], at: Instant(milliseconds: 15_000))
        }
    }
}
