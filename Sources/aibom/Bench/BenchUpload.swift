import API
import ArgumentParser
import AsyncHTTPClient
import Glibc
import Jobs
import Measure
import Sandbox

/// `aibom bench upload`: a large file through the gateway, beside the same bytes hashed, written and synced by one process.
struct BenchUpload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract:
            "A large upload through the gateway beside hashing and writing alone; memory, bytes written (root).")

    @Option(help: "GiB of the file.") var gibibytes = 4
    @Option(name: .shortAndLong, help: "Rounds; each writes the file twice, and deletes it.") var number = 2
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        guard (1...1024).contains(gibibytes), number > 0 else {
            throw ValidationError("the file has 1 to 1024 GiB, and there is a round at least")
        }
    }

    func run() async throws {
        let data = LargeFile(bytes: gibibytes << 30)
        let report = try await LoadedService.with { service in
            try await service.client { client, _ in
                var report = UploadReport(bytes: Int64(gibibytes) << 30)
                for _ in 0..<number { try await measure(data, service, client, &report) }
                return report
            }
        }
        report.print(asDocument: json)
    }

    /// One after the other: the bare way, then through gateway and supervisor.
    private func measure(
        _ data: LargeFile, _ service: LoadedService, _ client: ServiceClient, _ report: inout UploadReport
    ) async throws {
        let start = Clock.nanoseconds()
        let digest = try await withTaskExecutorPreference(BlockingThreads.shared) { try data.store(in: service.folder) }
        report.floor.add(microseconds: Double(Clock.nanoseconds() - start) / 1000)
        var parts = try [("gateway", service.gatewayProcess), ("aibomd", service.supervisorProcess)].map {
            try UploadReport.Part(name: $0.0, watching: $0.1)
        }
        let begin = Clock.nanoseconds()
        let answer = try await client.post(to: "/v1/blobs") {
            .stream(data, length: .known(Int64(data.bytes)))
        }
        report.upload.add(microseconds: Double(Clock.nanoseconds() - begin) / 1000)
        for index in parts.indices { try parts[index].finish() }
        report.add(parts)
        guard Blob(json: answer) == Blob(digest: digest, size: UInt64(data.bytes)) else {
            throw CommandError.damaged("the service stored other bytes than were sent", remedy: "report this")
        }
        unlink("\(service.folder)/state/blobs/sha256/\(digest.hex.prefix(2))/\(digest.hex)")
    }
}
