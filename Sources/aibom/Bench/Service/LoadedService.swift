import AsyncHTTPClient
import Foundation
import Glibc
import JSON
import Jobs
import Linux
import NIOCore
import Operations

/// A service to be measured: the real `aibomd`, signer and `aibom-gateway` from beside this program, on a state folder, a run-time
/// folder and a port of their own.
///
/// One job that sleeps has the node's only place, so what is submitted is stored and queued and never runs: what is measured is the
/// way in. Limits on an owner's rate are off, and the gateway has a place for every connection; all else is as it is shipped.
final class LoadedService: Sendable {
    let folder: String
    let url: String
    private let socket: String
    private let supervisor: ServiceProcess
    private let gateway: ServiceProcess

    /// Runs `body` with a service that answers; nothing of it is left afterwards.
    static func with<Answer: Sendable>(_ body: (LoadedService) async throws -> Answer) async throws -> Answer {
        let folder = "/var/tmp/aibom-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let service = try LoadedService(in: folder)
        let answer: Result<Answer, any Error>
        do {
            try await service.untilReady()
            answer = .success(try await body(service))
        } catch {
            answer = .failure(error)
        }
        service.end()
        return try answer.get()
    }

    private init(in folder: String) throws {
        self.folder = folder
        let port = try FreePort.onLoopback()
        url = "http://127.0.0.1:\(port)"
        socket = "\(folder)/run/aibomd.sock"
        _ = try OwnedDescriptor.directory(folder)
        // The gateway, which is not root, goes through this one.
        try OwnedDescriptor.makeFolder(Array("\(folder)/run".utf8))
        try SleepingRootfs.make(in: "\(folder)/rootfs")
        let settings = "\(folder)/config.json"
        try Data(LoadedService.settings(folder, port: port).prettyBytes()).write(to: URL(filePath: settings))
        supervisor = try ServiceProcess("aibomd", "--config", settings)
        gateway = try ServiceProcess("aibom-gateway", "--config", settings)
    }

    private static func settings(_ folder: String, port: UInt16) -> JSON {
        [
            "state": .string("\(folder)/state"), "socket": .string("\(folder)/run/aibomd.sock"),
            "runtime": .string("\(folder)/runtime"), "rootfs": .string("\(folder)/rootfs"),
            "log": ["level": "warning"],
            "capacity": ["cpu_millicores": 1000, "memory_bytes": 2_147_483_648],
            "rate": [
                "requests_per_second": 0, "submissions_per_minute": 0, "open_uploads": 0,
                "upload_bytes_per_day": 1_152_921_504_606_846_976,
            ],
            "gateway": ["listen": .string("127.0.0.1:\(port)"), "user": "65532"],
            "limits": ["uploads": 2048, "uploads_per_caller": 2048, "upload_bytes": 1_125_899_906_842_624],
        ]
    }

    /// A client of the gateway, with a token of its own.
    func client<Answer: Sendable>(
        _ body: (ServiceClient, _ token: String) async throws -> Answer
    ) async throws -> Answer {
        let token = try await ServiceClient.with(ServicePlace(socket: socket)) { operatorClient in
            try await operatorClient.createToken(TokenRequest(owner: "bench", role: .submitter, expires: nil)).text
                .revealed
        }
        let place = try ServicePlace(url: url, token: token, authority: nil, insecure: false)
        return try await ServiceClient.with(place) { try await body($0, token) }
    }

    /// Gives the node's place to the job that sleeps.
    ///
    /// - Returns: the job, which runs.
    func occupy(_ client: ServiceClient) async throws -> JobID {
        var inputs: [JobInput] = []
        for input in SampleJob.inputs {
            let answer = try await client.post(to: "/v1/blobs") { .bytes(ByteBuffer(bytes: input.bytes)) }
            guard let blob = Blob(json: answer) else { throw CommandError.unintelligible("/v1/blobs") }
            inputs.append(
                JobInput(role: input.role, fileName: try FileName(input.name, field: "name"), digest: blob.digest))
        }
        let job = try await client.submit(JobRequest(rootfs: SleepingRootfs.name, policy: "strict", inputs: inputs))
        try await Self.eventually("the job that keeps others waiting did not start") {
            try await client.job(job.id).state == .running
        }
        return job.id
    }

    /// All of ours, and no job: their pids.
    func processes() throws -> [Int32] {
        [supervisor.pid, gateway.pid].flatMap { [$0] + ProcessFacts.children(of: $0, named: "aibom-signer") }
    }

    var supervisorProcess: Int32 { supervisor.pid }
    var gatewayProcess: Int32 { gateway.pid }

    private func untilReady() async throws {
        try await Self.eventually("aibomd did not come up") { [socket] in
            (try? LocalRequest.get("/readyz", at: socket, within: 5))??.status == 200
        }
        let place = try ServicePlace(url: url, token: nil, authority: nil, insecure: false)
        try await ServiceClient.with(place) { client in
            try await Self.eventually("aibom-gateway did not come up") { (try? await client.get("/healthz")) != nil }
        }
    }

    private static func eventually(_ failure: String, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            guard .now < deadline else {
                throw CommandError.local(failure, remedy: "look at what it printed above; aibom doctor may say more")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The gateway first: who is still asking is told by the one that it asks.
    private func end() {
        gateway.end()
        supervisor.end()
    }
}
