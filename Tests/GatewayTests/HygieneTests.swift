import Foundation
import Hummingbird
import NIOCore
import ServiceTesting
import Testing

@testable import Gateway

/// Requests that two programs could read in two ways, senders that are slow, and senders that want too much.
@Suite("hygiene", .timeLimit(.minutes(1)))
struct HygieneTests {
    @Test(
        "refuses a request that can be read in two ways",
        arguments: [
            "Content-Length: 2\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 2",
            "Content-Length: 2\r\nContent-Length: 3", "Content-Length: 2\r\nContent-Length: 2", "Content-Length: 2, 3",
            "Content-Length: +2", "Content-Length: 0x2", "Content-Length: -2",
            "Content-Length: 99999999999999999999999",
            "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding : chunked",
            "Transfer-Encoding:\u{0b}chunked", " Transfer-Encoding: chunked", "Content-Length : 2", "X: a\u{0}b",
            "Content-Length: 2\r\n X: folded", "X\u{1}: a", "Host: b", "Expect: 200-maybe",
        ])
    func ambiguous(_ fields: String) async throws {
        let supervisor = RecordingSupervisor()
        try await RunningGateway.with(supervisor) { port in
            let answer = try await RawClient.ask(
                port, "POST /v1/jobs HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n{}GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            #expect(answer.status == 400, "\(answer)")
            #expect(answer.header("connection") == "close")
            #expect(!answer.body.contains("HTTP/1.1 "), "one answer, and nothing read behind it")
        }
        #expect(supervisor.requests.isEmpty)
    }

    @Test(
        "refuses bytes that are no request",
        arguments: [
            ("\r\n\r\n\r\nGARBAGE\r\n\r\n", 400), ("GET / HTTP/1.0\r\nHost: a\r\n\r\n", 505),
            ("GET / HTTP/2.0\r\n\r\n", 400), ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\"b\r\n\r\n", 400), ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", 400),
            ("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
            ("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 400),
        ])
    func garbage(_ bytes: String, _ status: Int) async throws {
        try await RunningGateway.with(RecordingSupervisor()) { port in
            let answer = try await RawClient.ask(port, bytes)
            #expect(answer.status == status, "\(answer)")
        }
    }

    @Test("bounds the header in bytes, fields and field length")
    func headers() async throws {
        try await RunningGateway.with(RecordingSupervisor()) { port in
            let many = (0..<70).map { "X\($0): a\r\n" }.joined()
            let long = "X: \(String(repeating: "a", count: 20_000))\r\n"
            let large = (0..<40).map { "X\($0): \(String(repeating: "a", count: 1000))\r\n" }.joined()
            for fields in [many, long, large] {
                let answer = try await RawClient.ask(port, "GET /healthz HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
                #expect(answer.status == 431, "\(answer)")
            }
            let endless = try RawClient(port)
            await endless.send("GET /\(String(repeating: "a", count: 400_000))")
            #expect(RawAnswer(await endless.readAll()).status == 431)
        }
    }

    @Test("cuts off who sends a header or a body too slowly")
    func slow() async throws {
        var configuration = GatewayConfiguration()
        configuration.limits.headerSeconds = 2
        configuration.limits.rateSeconds = 2
        let supervisor = RecordingSupervisor()
        try await RunningGateway.with(supervisor, configuration) { port in
            let drip = try RawClient(port)
            let dripping = Task {
                for byte in "GET /healthz HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
                    guard await drip.send(String(byte)) else { return }
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            #expect(RawAnswer(await drip.readAll()).status == 408)
            dripping.cancel()

            let body = try RawClient(port)
            await body.send("POST /v1/blobs HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nx")
            #expect(RawAnswer(await body.readAll()).status == 408)

            let silent = try RawClient(port)
            #expect(await silent.readAll().isEmpty, "who never asked is owed no answer")
            #expect(await silent.waitForEnd())
        }
    }

    @Test("does not hold a slow supervisor against the sender")
    func patient() async throws {
        var configuration = GatewayConfiguration()
        configuration.limits.rateSeconds = 1
        configuration.limits.headerSeconds = 2
        let supervisor = RecordingSupervisor { _ in
            try await Task.sleep(for: .seconds(4))
            return Response(status: .noContent)
        }
        try await RunningGateway.with(supervisor, configuration) { port in
            let answer = try await RawClient.ask(
                port, "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nconnection: close\r\n\r\n{}")
            #expect(answer.status == 204, "\(answer)")
        }
    }

    @Test("bounds a body, before and while it comes")
    func bodies() async throws {
        var configuration = GatewayConfiguration()
        configuration.limits.uploadBody = 1 << 20
        let supervisor = RecordingSupervisor()
        try await RunningGateway.with(supervisor, configuration) { port in
            let said = try await RawClient.ask(
                port, "POST /v1/blobs HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n")
            #expect(said.status == 413 && !said.text.contains("100 Continue"))
            let client = try RawClient(port)
            await client.send("POST /v1/blobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            let piece = "10000\r\n\(String(repeating: "a", count: 0x10000))\r\n"
            for _ in 0..<40 where await client.send(piece) {}
            let answer = RawAnswer(await client.readAll())
            #expect(answer.status == 413, "\(answer)")
            #expect(answer.body.contains("1048576"))
            let document = try await RawClient.ask(
                port, "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n")
            #expect(document.status == 413)
            let unwanted = try await RawClient.ask(
                port, "GET /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
            #expect(unwanted.status == 400)
        }
        #expect(supervisor.requests.isEmpty)
    }

    @Test("asks for a body when it is wanted")
    func expectation() async throws {
        let supervisor = RecordingSupervisor()
        try await RunningGateway.with(supervisor) { port in
            let client = try RawClient(port)
            await client.send(
                "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nconnection: close\r\n\r\n"
            )
            #expect(await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            await client.send("{}")
            #expect(RawAnswer(await client.readAll()).status == 200)
        }
    }

    @Test("bounds connections of one address and uploads of one caller")
    func admission() async throws {
        var configuration = GatewayConfiguration()
        configuration.limits.connectionsPerAddress = 3
        configuration.limits.uploadsPerCaller = 1
        try await RunningGateway.with(RecordingSupervisor(), configuration) { port in
            let upload = try RawClient(port)
            await upload.send(
                "POST /v1/blobs HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
            _ = await upload.read(until: "100 Continue")
            let second = try await RawClient.ask(
                port, "POST /v1/blobs HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nconnection: close\r\n\r\nx")
            #expect(second.status == 429, "\(second)")
            #expect(second.header("retry-after") == "5")
            let others = try [RawClient(port), RawClient(port)]
            for other in others {
                await other.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(RawAnswer(await other.read(until: "{}")).status == 200)
            }
            let surplus = try RawClient(port)
            #expect(await surplus.waitForEnd(), "one connection too many is closed")
            await upload.send("123456789")
            #expect(RawAnswer(await upload.read(until: "{}")).status == 200)
            await upload.send("POST /v1/blobs HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
            #expect(RawAnswer(await upload.read(until: "{}")).status == 200, "the place was given back")
            withExtendedLifetime(others) {}
        }
    }

    @Test("an upload larger than any buffer passes through")
    func large() async throws {
        let supervisor = RecordingSupervisor()
        try await RunningGateway.with(supervisor) { port in
            let client = try RawClient(port)
            await client.send(
                "POST /v1/blobs HTTP/1.1\r\nHost: a\r\nContent-Length: 33554432\r\nconnection: close\r\n\r\n")
            for _ in 0..<32 { await client.send([UInt8](repeating: 7, count: 1 << 20)) }
            #expect(RawAnswer(await client.readAll()).status == 200)
        }
        #expect(supervisor.requests.map(\.bodyBytes) == [33_554_432])
    }
}
