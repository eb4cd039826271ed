import Foundation
import NIOCore
import ServiceTesting
import Testing

@testable import Gateway

/// What somebody gains who has taken the gateway over: `gateway-probe` enters the very confinement and then attacks.
@Suite(
    "confinement", .enabled(if: Privilege.isThere, Privilege.reason), .serialized, .timeLimit(.minutes(2)))
struct ConfinementTests {
    @Test("denies every attempt that works before it, and leaves the one socket")
    func probe() async throws {
        let folder = try ScratchFolder()
        let secret = "\(folder.path)/secret"
        try Data("key".utf8).write(to: URL(filePath: secret))
        #expect(chmod(secret, 0o600) == 0)
        let victim = try RunningSleep()
        try await RecordingSupervisor().serve { socket in
            #expect(chmod(socket, 0o666) == 0)
            try await RecordingSupervisor().serve { other in
                #expect(chmod(other, 0o666) == 0)
                try await RunningGateway.with(supervisor: other) { port in
                    let probe = try RunningProgram(
                        "gateway-probe", [socket, secret, folder.path, other, String(port), String(victim.pid)])
                    let (status, text) = probe.readAll()
                    try check(text, status)
                }
            }
        }
    }

    private func check(_ text: String, _ status: Int32) throws {
        try #require(status == 0, "\(text)")
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        var attempts = 0
        for line in lines where line.count == 3 && line[0] != "status" {
            attempts += 1
            // What is asked of a path that is not there, or of this process itself, can't be granted before either.
            let before = ["execute-here": String(ENOENT)][line[0]] ?? "0"
            #expect(line[1] == before, "\(line[0]) does not work to begin with")
            let expected = Self.elsewhere[line[0]] ?? EPERM
            #expect(line[2] == String(expected), "\(line[0])")
        }
        #expect(attempts == 39)
        #expect(lines.contains(["supervisor", "0"]))
        #expect(lines.contains(["processes", "1"]), "/proc shows nobody else")
        let facts = [
            "Uid: 65532 65532 65532 65532", "Gid: 65532 65532 65532 65532", "Groups:", "CapInh: 0000000000000000",
            "CapPrm: 0000000000000000", "CapEff: 0000000000000000", "CapBnd: 0000000000000000",
            "CapAmb: 0000000000000000", "NoNewPrivs: 1", "Seccomp: 2",
        ]
        for fact in facts { #expect(text.contains("status \(fact)\n"), "\(fact)") }
    }

    /// Refusals that are not the filter's EPERM: what was asked for is not there, or Landlock or a file's mode says no.
    private static let elsewhere = [
        "read-secret": ENOENT, "list-folder": ENOENT, "connect-other-socket": ENOENT, "read-cpu-facts": ENOENT,
        "read-status-of-init": ENOENT,
    ]

    @Test("holds for every thread of the gateway that serves, and users are served")
    func serves() async throws {
        let supervisor = RecordingSupervisor()
        try await supervisor.serve { socket in
            #expect(chmod(socket, 0o666) == 0)
            let gateway = try RunningProgram("aibom-gateway", ["--socket", socket, "--listen", "127.0.0.1:0"])
            let port = try #require(Self.port(in: gateway.read(until: "ready")))
            for _ in 0..<8 {
                let answer = try await RawClient.ask(
                    port, "GET /v1/jobs HTTP/1.1\r\nHost: a\r\nconnection: close\r\n\r\n")
                #expect(answer.status == 200, "\(answer)")
            }
            let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(gateway.pid)/task")
            #expect(tasks.count > 2)
            for task in tasks {
                let status = try String(contentsOfFile: "/proc/\(gateway.pid)/task/\(task)/status", encoding: .utf8)
                for fact in ["Uid:\t65532", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"] {
                    #expect(status.contains(fact), "\(task) \(fact)")
                }
            }
            for kind in ["mnt", "net", "ipc", "uts", "cgroup"] {
                let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\(kind)")
                let theirs = try FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/\(gateway.pid)/ns/\(kind)")
                #expect(own != theirs, "\(kind)")
            }
            #expect(gateway.stop() == 0)
        }
        #expect(supervisor.requests.count == 8)
    }

    @Test("finds a supervisor that started again")
    func restarted() async throws {
        let folder = try ScratchFolder()
        let gateway = try RunningProgram(
            "aibom-gateway", ["--socket", "\(folder.path)/aibomd.sock", "--listen", "127.0.0.1:0"])
        let port = try #require(Self.port(in: gateway.read(until: "ready")))
        for answer in [503, 200, 503, 200] {
            if answer == 200 {
                try await RecordingSupervisor().serve(in: folder.path) { _ in
                    #expect(chmod("\(folder.path)/aibomd.sock", 0o666) == 0)
                    let status = try await Self.health(port)
                    #expect(status == 200)
                }
            } else {
                #expect(try await Self.health(port) == 503)
            }
        }
        #expect(gateway.stop() == 0)
    }

    @Test("or it does not serve")
    func failsClosed() throws {
        let folder = try ScratchFolder()
        for arguments in [
            ["--socket", "/tmp/aibom-nobody/aibomd.sock"], ["--uid", "0"], ["--unconfined"], ["--listen", "0.0.0.0:0"],
            ["--tls-certificate", "/dev/null"],
            ["--tls-certificate", "/dev/null", "--tls-key", "/dev/null"], ["--listen", "example.org:80"],
        ] {
            let given = ["--socket", "\(folder.path)/s", "--listen", "127.0.0.1:0"]
            let names = Set(arguments.filter { $0.hasPrefix("--") })
            let rest = stride(from: 0, to: given.count, by: 2).filter { !names.contains(given[$0]) }
            let gateway = try RunningProgram("aibom-gateway", rest.flatMap { given[$0...($0 + 1)] } + arguments)
            let said = gateway.read(until: "ready")
            try #require(!said.contains("ready"), "\(arguments): \(said)")
            let (status, text) = gateway.readAll()
            // 2 is what the settings alone show to be wrong.
            #expect(status == 1 || status == 2, "\(arguments): \(text)")
        }
    }

    private static func health(_ port: UInt16) async throws -> Int? {
        try await RawClient.ask(port, "GET /healthz HTTP/1.1\r\nHost: a\r\nconnection: close\r\n\r\n").status
    }

    private static func port(in text: String) -> UInt16? {
        text.range(of: "port=").flatMap { UInt16(text[$0.upperBound...].prefix { $0.isNumber }) }
    }
}

/// A process to attack.
private final class RunningSleep {
    private let process = Process()

    init() throws {
        process.executableURL = URL(filePath: "/bin/sleep")
        process.arguments = ["100"]
        try process.run()
    }

    deinit {
        // A child may have inherited that it does not heed SIGTERM.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    var pid: Int32 { process.processIdentifier }
}
