import Foundation

/// The built command, run as a script runs it.
struct BuiltAibom {
    struct Run: Sendable {
        let status: Int32
        let out: [UInt8]
        let err: String

        var text: String { String(decoding: out, as: UTF8.self) }
    }

    /// Beside the test bundle.
    private static let executable: URL? = {
        let arguments = ProcessInfo.processInfo.arguments
        let candidates = arguments.filter { $0.hasSuffix(".xctest") } + [arguments.first ?? ""]
        return candidates.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("aibom") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    struct NotBuilt: Error {}

    /// Both streams go to files: nobody has to read two pipes at once, and neither is a terminal.
    ///
    /// `onTerminal` runs it on a terminal of its own, by script(1), which passes its status on; both streams are `out`.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], onTerminal: Bool = false
    ) async throws -> Run {
        guard let executable else { throw NotBuilt() }
        let folder = try TemporaryFolder()
        for name in ["out", "err"] { _ = try folder.write("", as: name) }
        let process = Process()
        let words = ([executable.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
        process.executableURL = onTerminal ? URL(fileURLWithPath: "/usr/bin/script") : executable
        process.arguments = onTerminal ? ["-qec", words, "/dev/null"] : arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: "\(folder.path)/out")
        process.standardError = FileHandle(forWritingAtPath: "\(folder.path)/err")
        try await process.runToEnd()
        return Run(
            status: process.terminationStatus, out: Array(try folder.read("out")),
            err: String(decoding: try folder.read("err"), as: UTF8.self))
    }
}

/// A folder that is gone after the test.
extension Process {
    /// Holds no thread meanwhile.
    func runToEnd() async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            terminationHandler = { _ in done.resume() }
            do { try run() } catch { done.resume(throwing: error) }
        }
    }
}

final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/aibom-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, as name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    func read(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}
