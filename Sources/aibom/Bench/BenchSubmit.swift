import API
import ArgumentParser
import Foundation
import Jobs
import Linux

/// `aibom bench submit`: durable submissions through the gateway, status reads beside them, and what the service's processes hold.
struct BenchSubmit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Jobs accepted a second through the gateway, latencies and memory (root; needs wrk).")

    @Option(name: .shortAndLong, help: "Seconds of each measurement.") var seconds = 10
    @Option(parsing: .upToNextOption, help: "Connections of each measurement.") var connections = [1, 64, 512]
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        guard seconds > 0, connections.allSatisfy({ (1...1000).contains($0) }) else {
            throw ValidationError("a measurement takes a second at least, and 1 to 1000 connections")
        }
    }

    func run() async throws {
        try Wrk.requireInstalled()
        let report = try await LoadedService.with { service in
            try await service.client { client, token in try await measure(service, client, token) }
        }
        report.print(asDocument: json)
    }

    private func measure(_ service: LoadedService, _ client: ServiceClient, _ token: String) async throws -> LoadReport
    {
        var report = LoadReport()
        report.loadAverage = ProcessFacts.loadAverage()
        let job = try await service.occupy(client)
        let script = try writeScript(in: service.folder, token)
        try await Task.sleep(for: .seconds(1))
        report.idle = try memory(of: service)
        report.floor = try SyncFloor.measure(in: service.folder)
        for count in connections {
            let reads = StatusReads()
            let before = try sum(ProcessFacts.processorTime, of: service)
            async let status = reads.read(job, client)
            async let peak = peakMemory(of: service, seconds: seconds)
            let submitted = try await withTaskExecutorPreference(BlockingThreads.shared) {
                defer { reads.end() }
                return try Wrk.run(script: script, url: service.url, connections: count, seconds: seconds)
            }
            let processor = try sum(ProcessFacts.processorTime, of: service) - before
            report.rows.append(
                .init(connections: count, submit: submitted, status: try await status, processor: processor))
            report.loaded = max(report.loaded, try await peak)
        }
        try await Task.sleep(for: .seconds(1))
        report.settled = try memory(of: service)
        for sample in try SyncFloor.measure(in: service.folder).samples { report.floor.add(microseconds: sample) }
        return report
    }

    private func writeScript(in folder: String, _ token: String) throws -> String {
        for input in SampleJob.inputs {
            try Data(input.bytes).write(to: URL(filePath: "\(folder)/\(input.name)"))
        }
        let script = WrkScript(
            model: "\(folder)/model.keras", dataset: "\(folder)/wine.csv", definition: "\(folder)/definition.yaml",
            token: token)
        try Data(script.text.utf8).write(to: URL(filePath: "\(folder)/submit.lua"))
        return "\(folder)/submit.lua"
    }

    private func memory(of service: LoadedService) throws -> Int64 {
        try sum(ProcessFacts.proportionalMemory, of: service)
    }

    private func sum(_ fact: (Int32) throws -> Int64, of service: LoadedService) throws -> Int64 {
        try service.processes().map(fact).reduce(0, +)
    }

    /// The most of so many looks, one a second.
    private func peakMemory(of service: LoadedService, seconds: Int) async throws -> Int64 {
        var peak: Int64 = 0
        for _ in 0..<seconds {
            try await Task.sleep(for: .seconds(1))
            peak = max(peak, try memory(of: service))
        }
        return peak
    }
}
