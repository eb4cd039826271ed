import Foundation
import HTTPTypes
import Hummingbird
import JSON
import JWTKit
import Measure
import NIOCore
import ServiceTesting
import Testing

@testable import Gateway

/// An identity provider of the tests' own.
private struct Provider {
    let key = ES256PrivateKey()
    let eddsa: EdDSA.PrivateKey
    static let now = Instant(milliseconds: 1_800_000_000_000)

    init() throws { eddsa = try EdDSA.PrivateKey() }

    var keySet: [UInt8] {
        get throws {
            let parameters = try #require(key.parameters)
            return Array(
                """
                {"keys":[
                 {"kty":"EC","crv":"P-256","kid":"a","use":"sig","alg":"ES256","x":"\(parameters.x)","y":"\(parameters.y)"},
                 {"kty":"OKP","crv":"Ed25519","kid":"b","x":"\(Self.url(Array(eddsa.publicKey.rawRepresentation)))"},
                 {"kty":"oct","kid":"c","k":"AAAA"},
                 {"kty":"RSA","kid":"short","n":"AQAB","e":"AQAB"}]}
                """.utf8)
        }
    }

    func desk(_ change: (inout OIDCConfiguration) -> Void = { _ in }) async throws -> IdentityProvider {
        var configuration = OIDCConfiguration(
            issuer: "https://login.example.org/team", audience: "aibom", keys: .file("unused"))
        change(&configuration)
        let keys = try await ProviderKeys(try keySet, algorithms: configuration.algorithms)
        return IdentityProvider(configuration, keys: keys, now: { Self.now })
    }

    static let claims: JSON = [
        "iss": "https://login.example.org/team", "aud": "aibom", "sub": "ann", "exp": 1_800_000_100,
        "nbf": 1_799_999_900,
    ]

    func token(
        _ header: JSON = ["alg": "ES256", "kid": "a"], _ claims: JSON = claims, by signer: (any JWTAlgorithm)? = nil
    ) async throws -> Substring {
        let text = Self.url(header.compactBytes()) + "." + Self.url(claims.compactBytes())
        let algorithm: any JWTAlgorithm
        if let signer { algorithm = signer } else { algorithm = try await es256 }
        return (text + "." + Self.url(try algorithm.sign(Array(text.utf8))))[...]
    }

    var es256: any JWTAlgorithm {
        get async throws { try await JWTKeyCollection().add(ecdsa: key).getKey() }
    }

    static func url(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func with(_ name: String, _ value: JSON?) -> JSON {
        var object = JSONObject()
        for member in claims.objectValue?.members ?? [] where member.key != name { object[member.key] = member.value }
        object[name] = value
        return .object(object)
    }
}

@Suite("identity provider")
struct IdentityTests {
    @Test("vouches for a user by a token that is right in all of its parts")
    func accepts() async throws {
        let provider = try Provider()
        let desk = try await provider.desk()
        let ann = Credential.stated(
            owner: "oidc:login.example.org/team#ann", role: "submitter",
            until: Instant(milliseconds: 1_800_000_100_000 + 60_000))
        #expect(try desk.credential(for: try await provider.token()) == ann)
        let eddsa = try await JWTKeyCollection().add(eddsa: provider.eddsa).getKey()
        #expect(try desk.credential(for: try await provider.token(["alg": "EdDSA", "kid": "b"], by: eddsa)) == ann)
        let header: JSON = ["alg": "ES256", "kid": "a"]
        let several = try await provider.token(header, Provider.with("aud", ["x", "aibom"]))
        #expect(try desk.credential(for: several) == ann)
        let late = try await provider.token(header, Provider.with("exp", 1_799_999_950))
        #expect(try desk.credential(for: late).key == ann.key, "within the skew")
        #expect(try desk.credential(for: late).end == Instant(milliseconds: 1_799_999_950_000 + 60_000))
    }

    @Test(
        "does not vouch for anything else",
        arguments: [
            Provider.with("iss", "https://login.example.org/team/"), Provider.with("iss", nil),
            Provider.with("aud", "other"), Provider.with("aud", ["other"]), Provider.with("aud", nil),
            Provider.with("exp", 1_799_999_930), Provider.with("exp", nil), Provider.with("exp", "1800000100"),
            Provider.with("nbf", 1_800_000_070), Provider.with("nbf", "x"), Provider.with("sub", nil),
            Provider.with("sub", ""), Provider.with("sub", 7),
            Provider.with("sub", .string(String(repeating: "a", count: 256))),
        ])
    func refusesClaims(_ claims: JSON) async throws {
        let provider = try Provider()
        let desk = try await provider.desk()
        let token = try await provider.token(["alg": "ES256", "kid": "a"], claims)
        #expect(throws: GatewayError.self) { try desk.credential(for: token) }
    }

    @Test(
        "takes no other algorithm, key or spelling",
        arguments: [
            ["alg": "none"], ["alg": "none", "kid": "a"], ["alg": "HS256", "kid": "a"], ["alg": "HS256", "kid": "c"],
            ["alg": "RS256", "kid": "a"], ["alg": "EdDSA", "kid": "a"], ["alg": "ES256", "kid": "b"],
            ["alg": "ES256", "kid": "unknown"], ["alg": "ES256"], ["alg": "ES256", "kid": 1], ["kid": "a"],
            ["alg": "ES256", "kid": "a", "crit": ["exp"]], ["alg": "RS256", "kid": "short"],
            ["alg": "es256", "kid": "a"],
        ] as [JSON])
    func refusesHeader(_ header: JSON) async throws {
        let provider = try Provider()
        let desk = try await provider.desk()
        let token = try await provider.token(header)
        #expect(throws: GatewayError.self) { try desk.credential(for: token) }
    }

    @Test("does not take the public key for a secret")
    func confusion() async throws {
        let provider = try Provider()
        let desk = try await provider.desk()
        let secret = HMACKey(from: Data(provider.key.publicKey.pemRepresentation.utf8))
        let hmac = try await JWTKeyCollection().add(hmac: secret, digestAlgorithm: .sha256).getKey()
        for header: JSON in [["alg": "HS256", "kid": "a"], ["alg": "ES256", "kid": "a"]] {
            let token = try await provider.token(header, by: hmac)
            #expect(throws: GatewayError.self) { try desk.credential(for: token) }
        }
    }

    @Test("takes a token in one spelling only, and no changed one")
    func spelling() async throws {
        let provider = try Provider()
        let desk = try await provider.desk()
        let token = String(try await provider.token())
        let parts = token.split(separator: ".").map(String.init)
        let other = try await Provider().es256
        for bad in [
            token + "=", token + ".", "." + token, parts[0] + "." + parts[1] + ".", parts[0] + "." + parts[1],
            parts[0] + "." + Provider.url(Provider.with("sub", "bob").compactBytes()) + "." + parts[2],
            String(try await provider.token(by: other)), "", "..", String(repeating: "a", count: 100_000),
            Provider.url(Array(#"{"alg":"ES256","alg":"ES256","kid":"a"}"#.utf8)) + "." + parts[1] + "." + parts[2],
        ] {
            #expect(throws: GatewayError.self, "\(bad.prefix(80))") { try desk.credential(for: bad[...]) }
        }
    }

    @Test("gives a role only by the claim and the value that were set")
    func roles() async throws {
        let provider = try Provider()
        func role(_ claims: JSON, _ change: (inout OIDCConfiguration) -> Void) async throws -> String? {
            let token = try await provider.token(["alg": "ES256", "kid": "a"], claims)
            guard case .stated(_, let role, _) = try await provider.desk(change).credential(for: token) else {
                return nil
            }
            return role
        }
        let listed = Provider.with("groups", ["staff", "audit"])
        let nested = Provider.with("realm", ["roles": ["audit"]])
        func set(_ configuration: inout OIDCConfiguration) {
            configuration.roleClaim = "groups"
            configuration.auditorValue = "audit"
        }
        #expect(try await role(listed, set) == "auditor")
        #expect(try await role(listed) { _ in } == "submitter")
        #expect(try await role(Provider.with("groups", "auditor"), set) == "submitter")
        #expect(
            try await role(nested) {
                set(&$0); $0.roleClaim = "realm.roles"
            } == "auditor")
    }

    @Test("lets nobody read events for longer than the token lasts that opened them")
    func eventsEnd() async throws {
        let provider = try Provider()
        let folder = try ScratchFolder()
        try Data(try provider.keySet).write(to: URL(filePath: "\(folder.path)/keys.json"))
        var configuration = GatewayConfiguration()
        configuration.oidc = OIDCConfiguration(
            issuer: "https://login.example.org/team", audience: "aibom", keys: .file("\(folder.path)/keys.json"))
        configuration.oidc?.skewSeconds = 0
        let supervisor = RecordingSupervisor { request in
            Response(
                status: .ok,
                headers: [.contentType: request.uri.path == "/v1/status" ? "text/plain" : "text/event-stream"],
                body: ResponseBody { writer in
                    for number in 0..<40 {
                        try await writer.write(ByteBuffer(string: "id: \(number)\n\n"))
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    try await writer.finish(nil)
                })
        }
        try await RunningGateway.with(supervisor, configuration) { port in
            let end = Instant.now().milliseconds / 1000 + 2
            let token = try await provider.token(
                ["alg": "ES256", "kid": "a"],
                ["iss": "https://login.example.org/team", "aud": "aibom", "sub": "ann", "exp": .integer(end)])
            let head = "HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n"
            let (events, other) = (try RawClient(port), try RawClient(port))
            await events.send("GET /v1/jobs/x/events \(head)")
            await other.send("GET /v1/status \(head)")
            let heard = await events.readAll()
            #expect(heard.contains("id: 0") && !heard.contains("id: 39"), "\(heard)")
            #expect(await other.read(until: "id: 39").contains("id: 39"), "what is no event stream goes on")
        }
    }

    @Test("names different people differently, in the supervisor's alphabet")
    func owners() {
        let pairs = [
            ("https://a.org", "b"), ("https://a.org", "b#c"), ("https://a.org#b", "c"), ("https://a.org", "b~c"),
            ("https://a.org", "ü"), ("https://a.org", "b "), ("http://a.org", "b"), ("https://a.org/", "b"),
            ("https://a.org", String(repeating: "x", count: 200)),
            ("https://a.org", String(repeating: "x", count: 201)),
            ("https://\(String(repeating: "h", count: 120))", "b"),
        ]
        let names = pairs.map { StatedOwner.name(issuer: $0.0, subject: $0.1) }
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.hasPrefix("oidc:") && name.utf8.count <= 128)
            #expect(name.utf8.allSatisfy { (0x21..<0x7f).contains($0) })
        }
    }

    @Test(
        "refuses sets that are no sets, or of no use",
        arguments: [
            "", "{}", #"{"keys":[]}"#, #"{"keys":{}}"#, #"{"keys":[{"kty":"oct","k":"AAAA","kid":"x"}]}"#,
            #"{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"x"}]}"#,
        ])
    func sets(_ text: String) async {
        await #expect(throws: KeySetError.self) {
            _ = try await ProviderKeys(Array(text.utf8), algorithms: ProviderKeys.known)
        }
    }
}
