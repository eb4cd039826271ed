import Foundation
import Testing

/// Whether the tests that need root can run here.
enum Privilege {
    /// Set where a skipped test would be a lie.
    static let mustRun = ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1"
    static let isThere = mustRun || geteuid() == 0
    static let reason: Comment = "needs root; AIBOM_TESTS_MUST_RUN=1 makes this a failure"
}

/// A program of ours that runs beside a test; ended and reaped with its owner.
final class RunningProgram {
    private let process = Process()
    private let output = Pipe()
    private var text = ""

    init(_ name: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = RunningProgram.beside(name)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    deinit { stop(SIGKILL) }

    var pid: Int32 { process.processIdentifier }

    /// What it wrote until a line has `word` in it, or it ended.
    func read(until word: String) -> String {
        while !text.contains(word) {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
        }
        return text
    }

    /// All that it wrote, once it has ended by itself.
    func readAll() -> (status: Int32, text: String) {
        let text = read(until: "\u{0}")
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) -> Int32 {
        if process.isRunning { kill(process.processIdentifier, signal) }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// A program that SwiftPM builds beside the test bundle.
    static func beside(_ name: String) -> URL {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let products =
            bundle?.deletingLastPathComponent() ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return products.appending(path: name)
    }
}

/// A folder that is gone after the test.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/aibom-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
