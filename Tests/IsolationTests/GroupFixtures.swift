import Foundation
import Linux
import Testing

@testable import Isolation

/// Whether the tests that make real groups can run here.
enum Groups {
    /// Set where a skipped test would be a lie.
    static let mustRun = ProcessInfo.processInfo.environment["AIBOM_TESTS_MUST_RUN"] == "1"
    static let areThere: Bool = {
        guard let survey = try? GroupSurvey() else { return false }
        return survey.findings.allSatisfy { !$0.controller.isRequired || $0.version != nil } && geteuid() == 0
    }()
    /// A host may have v1 hierarchies that no group of ours is in.
    static let haveUnused = (try? !GroupSurvey().unused.isEmpty) ?? false
    static let canRun = mustRun || areThere
    static let reason: Comment = "needs root and control groups; AIBOM_TESTS_MUST_RUN=1 makes this a failure"

    /// Ample limits, for what is not about them.
    static let ample = GroupLimits(memory: 256 << 20, processes: 64)

    /// A program that SwiftPM builds beside the test bundle.
    static var probe: String {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let products =
            bundle?.deletingLastPathComponent() ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return products.appending(path: "group-probe").path
    }

    /// The folders right below these, and how many of them there are.
    static func folders(below paths: [String]) -> [String] {
        paths.flatMap { path in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return names.map { "\(path)/\($0)" }.filter { name in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) && isFolder.boolValue
            }
        }
    }

    static func parent(_ path: String) -> String { URL(filePath: path).deletingLastPathComponent().path }

    static func write(_ text: String, to path: String) throws {
        let file = try OwnedDescriptor.open(path, flags: O_WRONLY)
        try file.write(Array(text.utf8))
    }

    static func read(_ path: String) throws -> String {
        let bytes = try OwnedDescriptor.open(path, flags: O_RDONLY).readAll(limit: 1 << 20)
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// Waits until `condition` holds, at most ten seconds.
    static func wait(_ what: String, until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while try !condition() {
            try #require(ContinuousClock.now < deadline, "\(what)")
            usleep(2000)
        }
    }
}

/// The tests of real groups, one after another: each supervisor sweeps what the dead ones left, so two tests at the same time
/// would take each other's.
@Suite(
    "control groups of this kernel", .serialized, .enabled(if: Groups.canRun, Groups.reason), .timeLimit(.minutes(1)))
enum RealGroups {}

/// A shell that enters groups and runs a script there; killed and reaped at the end, whatever happens.
final class Member {
    private let process = Process()
    private let words = Foundation.Pipe()
    private let orders = Foundation.Pipe()

    var pid: Int32 { process.processIdentifier }

    /// Starts it in the groups of these folders, one a hierarchy.
    init(of paths: [String], _ script: String) throws {
        let joins = paths.map { path in
            let file = FileManager.default.fileExists(atPath: "\(path)/tasks") ? "tasks" : "cgroup.procs"
            return "echo 0 > '\(path)/\(file)' || exit 99; "
        }
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", joins.joined() + script]
        process.standardInput = orders
        process.standardOutput = words
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { kill() }

    /// A line that the script wrote.
    func line() throws -> String {
        var bytes: [UInt8] = []
        while let byte = try words.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Every line before `last`.
    func lines(before last: String) throws -> [String] {
        var lines: [String] = []
        while true {
            let line = try line()
            if line == last { return lines }
            try #require(!line.isEmpty, "the program ended")
            lines.append(line)
        }
    }

    /// Lets a script that reads a line go on.
    func order() throws { try orders.fileHandleForWriting.write(contentsOf: Data("\n".utf8)) }

    /// The signal or status that it ends with.
    func wait() -> (signal: Int32?, status: Int32) {
        process.waitUntilExit()
        let status = process.terminationStatus
        return process.terminationReason == .uncaughtSignal ? (status, status) : (nil, status)
    }

    func kill() {
        if process.isRunning { Glibc.kill(pid, SIGKILL) }
        process.waitUntilExit()
    }
}
