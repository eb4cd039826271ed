import Foundation
import JSON
import Testing

/// Whether the tests that need root can run here.
enum Privilege {
    /// Set where a skipped test would be a lie.
    static let mustRun = ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1"
    static let isThere = mustRun || geteuid() == 0
    static let reason: Comment = "needs root; AIBOM_TESTS_MUST_RUN=1 makes this a failure"
}

/// Runs `sandbox-probe`, a process of one thread, and reads its document.
enum Probe {
    /// A program that SwiftPM builds beside the test bundle.
    static func beside(_ name: String) -> String {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let products =
            bundle?.deletingLastPathComponent() ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return products.appending(path: name).path
    }

    /// One scenario; `program` is what the job executes.
    static func scenario(
        _ name: String, policy: String? = nil, _ options: [String] = [],
        program: [String] = ["/bin/hostile", "identity"]
    ) throws -> JSON {
        try document(try call(beside("sandbox-probe"), try arguments(name, policy, options, program)))
    }

    /// What a job may do with each path: read it, write it, and what is in it.
    static func look(_ policy: String, _ paths: [String]) throws -> [String: [String]] {
        let document = try scenario("run", policy: policy, program: ["/bin/hostile", "look"] + paths)
        let output = try #require(document["output"]?.stringValue, "\(document)")
        var answers: [String: [String]] = [:]
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            answers[parts[0]] = Array(parts.dropFirst())
        }
        return answers
    }

    static func document(_ answer: (status: Int32, output: [UInt8])) throws -> JSON {
        guard answer.status == 0 else { throw Fault("sandbox-probe ended with \(answer.status)") }
        return try JSON.parse(answer.output, limits: .init(bytes: 16 << 20, depth: 16, values: 100_000))
    }

    static func arguments(
        _ name: String, _ policy: String?, _ options: [String], _ program: [String]
    ) throws -> [String] {
        let usual = [
            "rootfs": try Stage.rootfs.get(), "policy": try policy ?? Policies.strict(), "state": Stage.state,
        ]
        let places = usual.filter { place in !options.contains { $0.hasPrefix("\(place.key)=") } }
        return [name] + places.map { "\($0.key)=\($0.value)" } + options + ["--"] + program
    }

    /// Runs a program to its end, and reaps it: a child that nobody waits for makes the test runner spin.
    static func call(_ executable: String, _ arguments: [String]) throws -> (status: Int32, output: [UInt8]) {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = [:]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = Array(pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}

/// A probe that goes on while the test looks at it; killed and reaped at the end, whatever happens.
final class RunningProbe {
    private let process = Process()
    private let words = Pipe()
    let marker = UUID().uuidString

    /// Returns once the job has written its first byte.
    init(policy: String? = nil, _ options: [String] = [], program: [String]) throws {
        process.executableURL = URL(filePath: Probe.beside("sandbox-probe"))
        process.arguments = try Probe.arguments(
            "run", policy, options + ["announce=1", "env.MARKER=\(marker)"], program)
        process.environment = [:]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = words
        try process.run()
        guard let word = try words.fileHandleForReading.read(upToCount: 3), word == Data("up\n".utf8) else {
            throw Fault("the job did not come up")
        }
    }

    deinit { kill() }

    func kill() {
        guard process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Host pids of the job's processes.
    var members: [Int] { Host.processes(marked: marker) }
}
