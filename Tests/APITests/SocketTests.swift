import API
import AsyncHTTPClient
import Foundation
import JSON
import Jobs
import Linux
import Measure
import NIOCore
import NIOHTTP1
import NIOPosix
import PythonTesting
import ServiceTesting
import Testing

/// The same routes where they live: on a real socket, with the kernel's word on who asks.
@Suite("unix socket", .timeLimit(.minutes(1)))
struct SocketTests {
    private func withServer(
        _ service: FakeService, admitting admitted: Set<UInt32> = [],
        _ body: (_ client: HTTPClient, _ path: String, _ url: (String) -> String) async throws -> Void
    ) async throws {
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        let result: Result<Void, any Error>
        do {
            try await RunningServer.with(service, admitting: admitted) { path in
                let host = path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                try await body(client, path) { "http+unix://\(host)\($0)" }
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await client.shutdown()
        try result.get()
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test("answers its own user and is closed to the rest")
    func answers() async throws {
        try await withServer(FakeService()) { client, path, url in
            let folder = String(path.dropLast("/aibomd.sock".count))
            #expect(mode(path) == 0o600)
            #expect(mode(folder) == 0o711)
            let response = try await client.execute(HTTPClientRequest(url: url("/healthz")), timeout: .seconds(30))
            #expect(response.status == (geteuid() == 0 ? .ok : .forbidden))
        }
    }

    @Test("refuses a user whom the kernel names and nobody listed", .enabled(if: geteuid() == 0))
    func refusesUnlisted() async throws {
        try await withServer(FakeService(), admitting: [4242]) { _, path, _ in
            #expect(mode(path) == 0o666)
            let script = """
                import os, socket
                os.setgid(UID); os.setuid(UID)
                s = socket.socket(socket.AF_UNIX); s.connect("\(path)")
                s.send(b"GET /healthz HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\n\\r\\n")
                print(s.recv(100).decode().split()[1])
                """
            for (uid, status) in [("4242", "200"), ("4243", "403")] {
                let answer = try await waiting {
                    let process = Process()
                    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                    process.arguments = ["python3", "-c", script.replacingOccurrences(of: "UID", with: uid)]
                    let output = Foundation.Pipe()
                    process.standardOutput = output
                    try process.run()
                    let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                    process.waitUntilExit()
                    return answer
                }
                #expect(answer == "\(status)\n", "uid \(uid)")
            }
        }
    }

    @Test("tells a client that waits to go on, and not while it owes another answer", .enabled(if: geteuid() == 0))
    func goesOn() async throws {
        try await withServer(FakeService()) { _, path, _ in
            let script = """
                import socket
                head = b"POST /v1/blobs HTTP/1.1\\r\\nhost: x\\r\\nexpect: 100-continue\\r\\ncontent-length: 2\\r\\n\\r\\n"
                s = socket.socket(socket.AF_UNIX); s.connect("\(path)"); s.settimeout(20)
                s.send(head); word = s.recv(25)
                s.send(b"hi"); answer = s.recv(4096)
                s.send(b"GET /healthz HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n" + head + b"ho")
                both = b""
                while both.count(b"HTTP/1.1 ") < 2 or b"sha256" not in both: both += s.recv(4096)
                print(word, answer.split()[1], [part.split()[0] for part in both.split(b"HTTP/1.1 ")[1:]])
                """
            let answer = try await waiting {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                process.arguments = ["python3", "-c", script]
                let output = Foundation.Pipe()
                process.standardOutput = output
                try process.run()
                let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                return answer
            }
            #expect(answer == "b'HTTP/1.1 100 Continue\\r\\n\\r\\n' b'201' [b'200', b'201']\n")
        }
    }

    @Test("ends event streams when the service stops", .enabled(if: geteuid() == 0))
    func endsStreams() async throws {
        let service = FakeService(events: [.note("waiting")], endless: true)
        let id = try await service.submit(
            JobRequest(rootfs: "keras", policy: "strict", inputs: []), owner: "uid:0", key: nil
        ).id
        let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        let (firsts, first) = AsyncStream.makeStream(of: String.self)
        var reader: Task<Int, any Error>?
        try await RunningServer.with(service) { path in
            let host = path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let request = HTTPClientRequest(url: "http+unix://\(host)/v1/jobs/\(id)/events")
            // Reads on while the server stops: what ends the stream is the server.
            reader = Task {
                var count = 0
                for try await piece in try await client.execute(request, timeout: .seconds(30)).body {
                    count += 1
                    first.yield(String(buffer: piece))
                }
                return count
            }
            var pieces = firsts.makeAsyncIterator()
            #expect(await pieces.next()?.hasPrefix("id: 1\n") == true)
        }
        #expect(try await reader?.value == 1)
        try await client.shutdown()
    }

    @Test("answers HEAD as it would GET, and keeps the answers on a connection apart", .enabled(if: geteuid() == 0))
    func head() async throws {
        try await withServer(FakeService(events: [.note("x")], endless: true)) { client, _, url in
            var submission = HTTPClientRequest(url: url("/v1/jobs"))
            submission.method = .POST
            submission.headers.add(name: "content-type", value: "application/json")
            submission.body = .bytes(requestBody())
            let answer = try await client.execute(submission, timeout: .seconds(30)).body.collect(upTo: 1 << 16)
            let job = try JSON.parse(Array(answer.readableBytesView), limits: .document)["job_id"]?.stringValue ?? ""
            let paths = [
                ("/healthz", 200, true), ("/v1/jobs/\(job)/artifacts/metrics.json", 200, true), ("/nowhere", 404, true),
                ("/v1/jobs/\(job)/events", 200, false), ("/v1/jobs/\(job)/logs", 200, false), ("/healthz", 200, true),
            ]
            for (path, status, hasLength) in paths {
                var request = HTTPClientRequest(url: url(path))
                request.method = .HEAD
                let response = try await client.execute(request, timeout: .seconds(30))
                #expect(Int(response.status.code) == status, "\(path)")
                #expect(response.headers.contains(name: "content-length") == hasLength, "\(path)")
                #expect(try await response.body.collect(upTo: 1 << 16).readableBytes == 0)
                let next = try await client.execute(HTTPClientRequest(url: url("/healthz")), timeout: .seconds(30))
                #expect(next.status == .ok, "after \(path)")
            }
        }
    }

    @Test("tells a client that is still sending why its file is refused", .enabled(if: geteuid() == 0))
    func refusesMidway() async throws {
        try await withServer(FakeService()) { client, _, url in
            var request = HTTPClientRequest(url: url("/v1/blobs"))
            request.method = .POST
            let pieces = AsyncStream { out in
                for _ in 0..<512 { out.yield(ByteBuffer(repeating: 7, count: 1 << 16)) }
                out.finish()
            }
            request.body = .stream(pieces, length: .known(Int64(512 << 16)))
            let response = try await client.execute(request, timeout: .seconds(30))
            #expect(response.status == .payloadTooLarge)
            let body = try await response.body.collect(upTo: 1 << 16)
            let problem = Problem(json: try JSON.parse(Array(body.readableBytesView), limits: .document))
            #expect(problem?.limit == 1_048_576)
        }
    }
}

@Suite("claimed sockets")
struct ClaimedSocketTests {
    private let folder = "/tmp/aibom-\(UUID().uuidString.prefix(8))"

    @Test("have one owner at a time")
    func oneOwner() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var first: ClaimedSocket? = try ClaimedSocket(path: "\(folder)/s")
        #expect(first != nil)
        let refusal = #expect(throws: LinuxError.self) { try ClaimedSocket(path: "\(folder)/s") }
        #expect(refusal?.stage == "claim socket")
        first = nil
        _ = try ClaimedSocket(path: "\(folder)/s")
    }

    @Test("take away a socket that a killed process left, and nothing else")
    func takeAwayStale() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(folder)/s".utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        _ = try ClaimedSocket(path: "\(folder)/s")
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/s"))

        try Data([1]).write(to: URL(fileURLWithPath: "\(folder)/key.pem"))
        #expect(throws: LinuxError.self) { try ClaimedSocket(path: "\(folder)/key.pem") }
        #expect(FileManager.default.fileExists(atPath: "\(folder)/key.pem"))
    }

    @Test("refuse a path that the kernel would cut")
    func refuseLongPath() {
        #expect(throws: LinuxError.self) { try ClaimedSocket(path: "/tmp/\(String(repeating: "s", count: 120))") }
    }
}
