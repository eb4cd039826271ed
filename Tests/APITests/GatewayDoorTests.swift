import API
import Foundation
import JSON
import Jobs
import ServiceTesting
import Testing

/// A gateway's uid on a real socket, with headers as bytes: what the HTTP parser lets through is part of the wall.
@Suite("gateway's door", .enabled(if: geteuid() == 0), .timeLimit(.minutes(1)))
struct GatewayDoorTests {
    private static let uid: UInt32 = 4242

    /// Sends header blocks as the gateway's user and answers the status of each: 0 where the connection was closed without one, -1
    /// where nothing came.
    ///
    /// On a thread that may wait: those of Swift are as few as the cores, and the server needs them to answer.
    private func statuses(at path: String, of headers: [String]) async throws -> [Int] {
        try await withTaskExecutorPreference(BlockingThreads.shared) { try Self.ask(path, headers) }
    }

    private static func ask(_ path: String, _ headers: [String]) throws -> [Int] {
        let script = """
            import os, socket, sys, json
            os.setgid(\(uid)); os.setuid(\(uid))
            def ask(block):
                s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect("\(path)")
                answer = b""
                try:
                    s.sendall(b"GET /v1/jobs HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\n" + block.encode("latin-1") + b"\\r\\n")
                except (BrokenPipeError, ConnectionResetError, TimeoutError):
                    pass
                try:
                    while b"\\r\\n" not in answer:
                        piece = s.recv(4096)
                        if not piece: break
                        answer += piece
                except ConnectionResetError:
                    pass
                except TimeoutError:
                    return -1
                return int(answer.split()[1]) if answer else 0
            print(json.dumps([ask(block) for block in json.load(sys.stdin)]))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let (input, output) = (Foundation.Pipe(), Foundation.Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: JSON.array(headers.map(JSON.string)).compactBytes())
        try input.fileHandleForWriting.close()
        let answer = Array(output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        let numbers = try JSON.parse(answer, limits: .document).arrayValue ?? []
        return numbers.compactMap { $0.integerValue.map(Int.init) }
    }

    @Test("lets in what has a token, and nothing that only looks so")
    func headers() async throws {
        let service = FakeService()
        let text = try await service.createToken(
            TokenRequest(owner: "ci", role: .submitter, expires: nil), by: "test"
        ).text.revealed
        let gateway = try #require(Gateway(uid: Self.uid))
        try await RunningServer.with(service, gateway: gateway) { path in
            let cases: [(header: String, statuses: Set<Int>)] = [
                ("authorization: Bearer \(text)\r\n", [200]),
                ("AUTHORIZATION: bearer \(text)\r\n", [200]),
                ("", [401]),
                ("authorization: Bearer  \(text)\r\n", [401]),
                ("authorization: Bearer\t\(text)\r\n", [400, 401]),
                ("authorization: Bearer \(text) x\r\n", [401]),
                ("authorization: Bearer \(text)\u{1}\r\n", [400, 401]),
                ("authorization: Bearer \(text)\u{0}\r\n", [400, 401]),
                ("authorization: Bearer \(text.uppercased())\r\n", [401]),
                ("authorization: Bearer \(text)\r\nauthorization: Bearer \(text)\r\n", [400]),
                ("authorization : Bearer \(text)\r\n", [400]),
                ("authorization: Bearer aibom_\r\n \(text.dropFirst(6))\r\n", [400, 401]),
                ("authorization: Basic \(text)\r\n", [401]),
                ("authorization: Bearer \(String(repeating: "a", count: 1 << 20))\r\n", [0, 400, 401, 431]),
                ("aibom-owner: uid:0\r\naibom-role: operator\r\n", [400]),
                ("aibom-owner: ci\r\naibom-role: submitter\r\n", [400]),
                ("aibom-owner: oidc:a\r\naibom-role: submitter\r\n", [200]),
                ("aibom-owner: oidc:a\r\naibom-role: operator\r\n", [403]),
                ("aibom-owner: oidc:\u{e9}\r\naibom-role: submitter\r\n", [400]),
                ("authorization: Bearer \(text)\r\naibom-owner: oidc:a\r\naibom-role: submitter\r\n", [400]),
                ("cookie: authorization=Bearer \(text)\r\n", [401]),
                ("x-forwarded-user: uid:0\r\nforwarded: for=root\r\n", [401]),
            ]
            let got = try await statuses(at: path, of: cases.map(\.header))
            #expect(got.count == cases.count)
            for (status, expected) in zip(got, cases) {
                #expect(
                    expected.statuses.contains(status), "\(status) to \(expected.header.prefix(60).debugDescription)")
            }
        }
    }

    @Test("is the gateway's alone also when the gateway is listed among the local users")
    func notItself() async throws {
        let gateway = try #require(Gateway(uid: Self.uid))
        try await RunningServer.with(FakeService(), admitting: [Self.uid], gateway: gateway) { path in
            let got = try await statuses(at: path, of: [""])
            #expect(got == [401])
        }
    }
}
