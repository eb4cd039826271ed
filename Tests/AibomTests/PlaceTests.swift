import ArgumentParser
import Foundation
import NIOSSL
import Testing

@testable import aibom

@Suite("where the service is")
struct PlaceTests {
    private func place(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ServicePlace {
        // Parsing looks at this process's own environment, which names no service in a test.
        try ServiceOptions.parse(arguments).place(environment)
    }

    @Test("is what flags say, then the environment, then the usual socket")
    func order() throws {
        #expect(try place([]).name == "/run/aibom/aibomd.sock")
        #expect(try place([], ["AIBOM_SOCKET": "/s"]).name == "/s")
        #expect(try place([], ["AIBOM_SOCKET": "", "AIBOM_URL": "https://h/"]).base == "https://h")
        #expect(try place(["--socket", "/t"], ["AIBOM_SOCKET": "/s", "AIBOM_URL": "https://h"]).name == "/t")
        let url = try place(["--url", "https://h:8443"], ["AIBOM_URL": "https://other", "AIBOM_TOKEN": "aibom_x.y"])
        #expect(url.base == "https://h:8443" && url.token == "aibom_x.y" && url.authority == nil)
        #expect(try place(["--url", "https://h", "--ca", "/ca.pem"]).authority == "/ca.pem")
        #expect(try place(["--socket", "/s"], ["AIBOM_TOKEN": "aibom_x"]).token == nil)
    }

    @Test(
        "is refused when it is two places, or no safe one",
        arguments: [
            (["--socket", "/s", "--url", "https://h"], [:]), ([], ["AIBOM_SOCKET": "/s", "AIBOM_URL": "https://h"]),
            (["--url", "http://example.org"], [:]), (["--url", "http://10.0.0.1:80"], [:]),
            (["--url", "http://localhost.example.org"], [:]),
            (["--url", "http://127.0.0.1.example.org"], [:]), (["--url", "http://[::2]"], [:]),
            (["--url", "ftp://h"], [:]), (["--url", "h"], [:]),
            (["--url", "https://user:word@h"], [:]), (["--url", "https://h/?token=x"], [:]),
            (["--url", "https://h"], ["AIBOM_TOKEN": "a b"]),
            (["--url", "https://h"], ["AIBOM_TOKEN": "a\r\nx: y"]),
            (["--url", "http://127.0.0.1", "--ca", "/ca.pem"], [:]), (["--ca", "/ca.pem"], [:]),
            (["--insecure-http"], [:]), ([], ["AIBOM_URL": "http://example.org"]),
        ] as [([String], [String: String])])
    func refused(arguments: [String], environment: [String: String]) {
        let error = #expect(throws: (any Error).self) { try place(arguments, environment) }
        #expect(error.map { !"\($0)".contains("a b") } ?? false)
    }

    @Test(
        "may be plain on this machine, or where that is asked for",
        arguments: [
            ["--url", "http://127.0.0.1:8080"], ["--url", "http://127.9.9.9"], ["--url", "http://localhost:1"],
            ["--url", "http://[::1]:1"],
            ["--url", "http://example.org", "--insecure-http"],
        ])
    func plain(arguments: [String]) throws { #expect(try place(arguments).base == arguments[1]) }
}

@Suite("a gateway's door", .timeLimit(.minutes(1)))
struct DoorTests {
    static let problem =
        #"{"type":"urn:aibom:problem:unauthenticated","title":"The service does not know who asks","status":401,"detail":"the request has no token","remedy":"send Authorization"}"#

    @Test("gets the token, which is shown nowhere")
    func token() async throws {
        try await Door.with { _ in
            .json(#"{"jobs":[]}"#)
        } _: { door, port in
            let run = try await BuiltAibom.run(
                ["jobs", "--json"],
                environment: ["AIBOM_URL": "http://127.0.0.1:\(port)", "AIBOM_TOKEN": "aibom_secret"])
            #expect(run.status == 0, "\(run.err)")
            #expect(door.questions.map { $0.headers["authorization"] } == [["Bearer aibom_secret"]])
            #expect(!run.err.contains("secret") && !run.text.contains("secret"))
        }
    }

    @Test("that lets nobody in says what to do")
    func unauthenticated() async throws {
        try await Door.with { _ in
            .json(Self.problem, status: 401)
        } _: { _, port in
            let url = ["AIBOM_URL": "http://127.0.0.1:\(port)"]
            let without = try await BuiltAibom.run(["jobs"], environment: url)
            #expect(without.status == 1)
            #expect(without.err.contains("error: The service does not know who asks: the request has no token\n"))
            #expect(
                without.err.contains("remedy: set AIBOM_TOKEN to a token; the operator makes them: aibom token create"))
            let with = try await BuiltAibom.run(
                ["jobs"], environment: url.merging(["AIBOM_TOKEN": "aibom_secret"]) { $1 })
            #expect(with.err.contains("remedy: check that AIBOM_TOKEN holds all of the token"))
            #expect(!with.err.contains("secret"))
        }
    }

    @Test("shows field, limit and remedy of a problem")
    func problem() async throws {
        let text =
            #"{"title":"A field is wrong","status":422,"detail":"dataset line 1: x","field":"dataset","limit":{"entries":3},"remedy":"mend it"}"#
        try await Door.with { _ in
            .json(text, status: 422)
        } _: { _, port in
            let run = try await BuiltAibom.run(["jobs", "--url", "http://127.0.0.1:\(port)"])
            #expect(run.status == 1 && run.out.isEmpty)
            #expect(
                run.err
                    == "error: A field is wrong: dataset line 1: x\nfield: dataset\nlimit: {\"entries\":3}\nremedy: mend it\n"
            )
        }
    }

    @Test("with TLS is believed by its authority and its name alone")
    func security() async throws {
        let (good, other) = (try TemporaryFolder(), try TemporaryFolder())
        let certificate = try TestCertificate(for: "IP:127.0.0.1", in: good)
        let stranger = try TestCertificate(for: "DNS:other.example", in: other)
        try await Door.with(identity: certificate.context) { _ in
            .json(#"{"jobs":[]}"#)
        } _: { door, port in
            let url = "https://127.0.0.1:\(port)"
            let run = try await BuiltAibom.run(["jobs", "--url", url, "--ca", certificate.path, "--json"])
            #expect(run.status == 0, "\(run.err)")
            let untrusted = try await BuiltAibom.run(
                ["jobs", "--url", url], environment: ["AIBOM_TOKEN": "aibom_secret"])
            #expect(untrusted.status == 1)
            #expect(
                untrusted.err.contains(
                    "not signed by an authority that is trusted here\nremedy: name the file of its authority with --ca\n"
                ), "\(untrusted.err)")
            let wrong = try await BuiltAibom.run(["jobs", "--url", url, "--ca", stranger.path])
            #expect(wrong.err.contains("authority that is trusted"), "\(wrong.err)")
            #expect(door.questions.count == 1)
            let file = try other.write("no certificate", as: "none.pem")
            #expect(
                try await BuiltAibom.run(["jobs", "--url", url, "--ca", file]).err.contains("holds no certificate"))
        }
        try await Door.with(identity: stranger.context) { _ in
            .json(#"{"jobs":[]}"#)
        } _: { door, port in
            let run = try await BuiltAibom.run(["jobs", "--url", "https://127.0.0.1:\(port)", "--ca", stranger.path])
            #expect(run.err.contains("its certificate is for another host"), "\(run.err)")
            #expect(door.questions.isEmpty)
        }
    }

    @Test("that is not there, or speaks otherwise, is told apart")
    func troubles() async throws {
        var closed = 0
        try await Door.with { _ in
            .json("{}")
        } _: { _, port in
            closed = port
            let plain = try await BuiltAibom.run(["jobs", "--url", "https://127.0.0.1:\(port)"])
            #expect(plain.err.contains("does not speak TLS\nremedy: check the port"), "\(plain.err)")
        }
        let gone = try await BuiltAibom.run(["jobs", "--url", "http://127.0.0.1:\(closed)"])
        #expect(gone.status == 1)
        #expect(
            gone.err.contains("connection refused\nremedy: check the address, and that aibom-gateway runs there"),
            "\(gone.err)")
    }

    @Test("that asks for patience gets it, within bounds")
    func patience() async throws {
        let busy = #"{"title":"Too many requests","status":429,"detail":"30 in a minute","remedy":"wait"}"#
        try await Door.with { question in
            question.time == 1
                ? .json(busy, status: 429, headers: [("retry-after", "1")]) : .json(#"{"jobs":[]}"#)
        } _: { door, port in
            let run = try await BuiltAibom.run(["jobs", "--json", "--url", "http://127.0.0.1:\(port)"])
            #expect(run.status == 0 && door.questions.count == 2)
            #expect(run.err.contains("Too many requests: 30 in a minute; asking again in 1 s\n"))
        }
        for headers in [[("retry-after", "3600")], [], [("retry-after", "-1")], [("retry-after", "soon")]] {
            try await Door.with { _ in
                .json(busy, status: 429, headers: headers)
            } _: { door, port in
                let run = try await BuiltAibom.run(["jobs", "--url", "http://127.0.0.1:\(port)"])
                #expect(run.status == 1 && door.questions.count == 1)
                #expect(run.err.contains("error: Too many requests"))
            }
        }
        // A door that never opens ends a command all the same.
        try await Door.with { _ in
            .json(busy, status: 429, headers: [("retry-after", "0")])
        } _: { door, port in
            let run = try await BuiltAibom.run(["jobs", "--url", "http://127.0.0.1:\(port)"])
            #expect(run.status == 1)
            #expect(door.questions.count == 6)
        }
    }
}
