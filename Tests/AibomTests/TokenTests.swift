import API
import Foundation
import JSON
import Jobs
import Measure
import ServiceTesting
import Testing

@testable import aibom

/// The command line against a service on a real socket. Needs root, because the socket is root's.
@Suite("aibom token", .enabled(if: geteuid() == 0), .timeLimit(.minutes(1)))
struct TokenCommandTests {
    @Test("create prints the token as the only line of stdout, and what it is on stderr")
    func create() async throws {
        let service = FakeService()
        try await RunningServer.with(service) { socket in
            let run = try await BuiltAibom.run(
                ["token", "create", "--socket", socket, "--role", "auditor", "--owner", "a.b@example.org"])
            #expect(run.status == 0, "\(run.err)")
            let lines = run.text.split(separator: "\n")
            #expect(lines.count == 1)
            let text = try #require(lines.last.flatMap { TokenText(String($0)) })
            let token = try #require(service.token(text))
            #expect((token.owner, token.role, token.maker) == ("a.b@example.org", .auditor, "uid:0"))
            let days = token.expires.map { ($0.milliseconds - Instant.now().milliseconds) / 86_400_000 }
            #expect(days == 89)
            #expect(run.err.contains(token.id.description))
            #expect(!run.err.contains(lines[0].dropFirst(6)))
        }
    }

    @Test("create --json, list and revoke print one document each, and only the first has the text")
    func documents() async throws {
        try await RunningServer.with(FakeService()) { socket in
            let options = ["--socket", socket, "--json"]
            let made = try await BuiltAibom.run(
                ["token", "create", "--role", "submitter", "--owner", "ci", "--expires", "never"] + options)
            let new = try #require(NewToken(json: try JSON.parse(made.out, limits: .document)))
            #expect(new.token.expires == nil)
            #expect(made.err.isEmpty)
            let listed = try await BuiltAibom.run(["token", "list"] + options)
            let list = try JSON.parse(listed.out, limits: .document)["tokens"]?.arrayValue
            #expect(list?.compactMap(AccessToken.init(json:)) == [new.token])
            let revoked = try await BuiltAibom.run(["token", "revoke", new.token.id.description] + options)
            let token = try #require(AccessToken(json: try JSON.parse(revoked.out, limits: .document)))
            #expect(token.revoked != nil)
            for run in [listed, revoked] { #expect(!run.text.contains(new.text.revealed)) }
            let again = try await BuiltAibom.run(["token", "revoke", "0123456789abcdef"] + options)
            #expect(again.status == 1)
        }
    }

    @Test(
        "refuses what it can tell is wrong before it asks",
        arguments: [
            ["--role", "root", "--owner", "a"], ["--role", "submitter", "--owner", "uid:0"], ["--role", "submitter"],
            ["--role", "submitter", "--owner", "a", "--expires", "soon"],
            ["--role", "submitter", "--owner", "a", "--expires", "0d"],
            ["--role", "submitter", "--owner", "a", "--expires", "99999999999999999999d"],
            ["--role", "submitter", "--owner", "a", "--expires", "-1d"],
        ])
    func usage(arguments: [String]) async throws {
        let run = try await BuiltAibom.run(["token", "create", "--socket", "/nowhere"] + arguments)
        #expect(run.status == 2, "\(run.err)")
        #expect(run.out.isEmpty)
    }

    @Test("shows in a list how each token stands")
    func lines() {
        func line(expires: Int64?, revoked: Int64? = nil) -> String {
            let token = AccessToken(
                id: TokenID(random: Array(0..<8)), owner: "ci", role: .submitter, maker: "uid:0",
                created: Instant(milliseconds: 0), expires: expires.map(Instant.init(milliseconds:)),
                revoked: revoked.map(Instant.init(milliseconds:)))
            return TokenCommand.List.line(token, at: Instant(milliseconds: 10))
        }
        #expect(line(expires: nil).contains("no end"))
        #expect(line(expires: 11).contains("until 1970"))
        #expect(line(expires: 10).contains("expired 1970"))
        #expect(line(expires: 11, revoked: 5).contains("revoked 1970"))
        #expect(line(expires: nil).hasPrefix("0001020304050607  submitter"))
        #expect(line(expires: nil).contains("never used"))
    }
}
