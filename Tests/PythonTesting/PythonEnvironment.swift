package import Foundation

/// A Python with some packages, in a virtual environment that is made once and kept under `.build`.
package struct PythonEnvironment: Sendable {
    /// Set where a test that can't run is a fault, not a gap.
    package static let mustRun = ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1"

    package struct Outcome: Sendable {
        package let status: Int32
        package let output: String
    }

    private let folder: URL
    private let requirements: [String]
    private let probe: String

    /// - Parameters:
    ///   - name: of the folder below `.build`.
    ///   - requirements: as pip takes them, with their versions.
    ///   - probe: a line of Python that fails where a package is missing.
    package init(_ name: String, requirements: [String], probe: String) {
        folder = Self.root.appending(path: ".build/\(name)")
        self.requirements = requirements
        self.probe = probe
    }

    /// The repository.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func isReady() async -> Bool { (try? await run(["-c", probe]))?.status == 0 }

    /// Makes the environment when there is none; false when it can't be made.
    package func prepare() async -> Bool {
        if await isReady() { return true }
        guard
            let made = try? await waiting({ [folder] in
                try Self.run("/usr/bin/env", ["python3", "-m", "venv", folder.path])
            }), made.status == 0,
            let installed = try? await run(["-m", "pip", "install", "--quiet"] + requirements), installed.status == 0
        else { return false }
        return await isReady()
    }

    package func run(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await waiting { [folder] in
            try Self.run(
                folder.appending(path: "bin/python").path, arguments, input: input, environment: environment)
        }
    }

    /// Runs a program to its end, which it must come to by itself.
    private static func run(
        _ program: String, _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let file = FileManager.default.temporaryDirectory.appending(path: "aibom-python-\(UUID().uuidString)")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardInput = try FileHandle(forReadingFrom: file)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}

extension PythonEnvironment {
    /// What talks HTTP: users' clients, and checkers of the interface's description.
    package static let clients = PythonEnvironment(
        "interop-openapi",
        requirements: [
            "schemathesis==4.32.5", "openapi-spec-validator==0.9.0", "prometheus_client==0.26.0", "jsonschema==4.26.0",
            "referencing==0.37.0", "requests==2.34.2", "openapi-python-client==0.29.1",
        ],
        probe: "import schemathesis, openapi_spec_validator, prometheus_client, jsonschema, referencing, requests, "
            + "openapi_python_client")
    private static let clientsReadiness = Task { await clients.prepare() }
    package static var clientsAreReady: Bool { get async { await clientsReadiness.value } }
}
