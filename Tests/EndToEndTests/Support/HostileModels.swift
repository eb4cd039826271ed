import Foundation
import JSON
import Testing

/// Models that attack whoever loads them, made in the sandbox for this run of the tests, and what they are sent against.
///
/// The attack, the program that makes the models and the loader without checks are in `Hostile/models`.
struct HostileModels: Sendable {
    private static let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Hostile/models").path
    /// Stands in the arguments of each process of a job that loads carelessly, and in what a model leaves.
    static let marker = "careless-\(UUID().uuidString)"
    /// Stands in files and in environments that no job may read.
    static let secret = "secret-\(UUID().uuidString)"

    let daemon: Daemon
    let services: Services
    /// A file of the host beside the models, which a job may neither read nor write.
    let canary: String
    private let folder: Folder

    /// Runs `make.py` in the sandbox, aimed at `daemon`.
    init(against daemon: Daemon) async throws {
        self.daemon = daemon
        services = try Services()
        folder = try Folder()
        canary = try folder.write(Self.secret, as: "canary")
        try FileManager.default.copyItem(atPath: Self.source, toPath: folder.path("tools"))
        try folder.write(try await targets().prettyBytes(), as: "tools/targets.json")
        let made = try await Self.aibom(
            ["--in", folder.path("tools"), "--out", folder.path("models")], ["-B", "/in/make.py"])
        try #require(made.status == 0, "\(made)")
    }

    func path(_ model: String) -> String { folder.path("models/\(model)") }

    /// What no job may change, in the state that the daemon has between two jobs.
    func snapshot() throws -> Snapshot { try Snapshot(folder.path, daemon.state) }

    /// The arguments with which the rootfs's Python loads `/in/model.keras`, whatever it is.
    static func loader() throws -> [String] {
        ["-c", try String(contentsOfFile: "\(source)/load.py", encoding: .utf8), marker]
    }

    /// `aibom run` with the rootfs's Python, as the trainer is started, and a secret in the environment of `aibom`.
    static func aibom(_ options: [String], _ python: [String]) async throws -> Command.Result {
        try await Command.run(
            Built.aibom,
            ["run", "--rootfs", "keras"] + options + ["--", "/usr/bin/python3.11", "-s", "-P"] + python,
            environment: Command.path.merging([
                "AIBOM_ROOTFS_CACHE": try #require(EndToEnd.cache).path, "AIBOM_CANARY": secret,
            ]) { $1 })
    }

    /// The attempts to connect, and nothing else of the attack, made by a process of the host.
    func reachFromHost() async throws -> [String: String] {
        let reached = try await Command.run(
            "/usr/bin/python3", ["-B", folder.path("tools/reach.py"), folder.path("tools/targets.json")])
        return try reached.json.answers
    }

    private func targets() async throws -> JSON {
        [
            "marker": .string(Self.marker), "pid": .integer(Int64(try #require(await daemon.pid))),
            "canary": .string(canary), "key": .string("\(daemon.state)/keys/documents.pem"),
            "jobs": .string("\(daemon.state)/jobs.sqlite"), "socket": .string(daemon.socket),
            "port": .integer(Int64(services.port)), "abstract": .string(services.name),
        ]
    }
}

extension JSON {
    /// The members of an object that are text.
    var answers: [String: String] {
        Dictionary(uniqueKeysWithValues: (objectValue?.members ?? []).map { ($0.key, $0.value.stringValue ?? "") })
    }
}

/// Makes the models before the first test of a suite.
struct HostileModelsTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let models = try await HostileModels(against: try EndToEnd.daemon)
        try await EndToEnd.$models.withValue(models) { try await function() }
    }
}

extension Trait where Self == HostileModelsTrait {
    static var withHostileModels: Self { HostileModelsTrait() }
}
