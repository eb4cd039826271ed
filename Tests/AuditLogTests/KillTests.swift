import Foundation
import Linux
import Measure
import Testing

@testable import AuditLog

/// A process that dies in the middle of writing, as SIGKILL and the kernel's memory killer have it.
@Suite("a killed log writer", .timeLimit(.minutes(3)))
struct KillTests {
    @Test("loses nothing that it acknowledged, at any step", arguments: LogCrashPoint.allCases)
    func atStep(point: LogCrashPoint) throws {
        let folder = try Folder()
        var said = Said()
        // The second run dies where the first one did, in the log that the first one left; the third goes by the clock.
        for (run, time) in [3, 1].enumerated() {
            // A start after a crash is the only one that replays anything, and passes each step once.
            if point == .replayed && run == 0 { said += try hammer(folder, run: 10, killedAfter: 30) }
            let isAtStart = point == .replayed
            said += try hammer(
                folder, run: run, killedAfter: nil, environment: "\(point.rawValue):\(isAtStart ? 1 : time)")
            try check(folder, said)
        }
        said += try hammer(folder, run: 2, killedAfter: 50)
        try check(folder, said)
        #expect(!said.entries.isEmpty)
        try checkAfterStart(folder, said)
    }

    @Test("loses nothing that it acknowledged, at any moment", arguments: [1, 17, 60, 200, 700])
    func atMoment(lines: Int) throws {
        let folder = try Folder()
        var said = Said()
        for run in 0..<3 {
            said += try hammer(folder, run: run, writers: 8, killedAfter: lines)
            try check(folder, said)
        }
        #expect(said.entries.count + said.notes.count >= 3 * lines)
        try checkAfterStart(folder, said)
    }

    /// What the hammer said before it died.
    private struct Said {
        var entries: [(index: UInt64, text: String)] = []
        var notes: [[UInt8]] = []

        static func += (said: inout Said, more: Said) {
            said.entries += more.entries
            said.notes += more.notes
        }
    }

    /// The folder as the dead writer left it: a log that holds, and no older than any checkpoint that was given out.
    private func check(_ folder: Folder, _ said: Said) throws {
        guard folder.exists("log/checkpoint") else {
            #expect(said.notes.isEmpty)
            return
        }
        let reader = try TileReader(path: "\(folder.path)/log")
        let report = LogVerifier(reader, key: try Keys.log().key)
            .verify(against: said.notes.map { ($0, "the hammer") })
        #expect(report.findings.isEmpty)
    }

    /// The log after its next start: every acknowledged entry under its number, once.
    private func checkAfterStart(_ folder: Folder, _ said: Said) throws {
        let signer = try Keys.log()
        let log = try Log(
            in: folder.open(), signer: signer, headFile: HeadFile("head", in: folder.open("heads")))
        try log.close()
        let size = try #require(log.published).checkpoint.size
        let reader = try TileReader(path: "\(folder.path)/log")
        #expect(LogVerifier(reader, key: signer.key).verify(against: said.notes.map { ($0, "the hammer") }).holds)
        var bundle: (index: UInt64, entries: EntryBundle)?
        for (index, text) in said.entries.sorted(by: { $0.index < $1.index }) {
            try #require(index < size)
            if bundle?.index != index / 256 {
                let width = TilePath.width(of: index / 256, count: size)
                bundle = (index / 256, try reader.bundle(TilePath(.entries, index: index / 256, width: width)))
            }
            #expect(bundle?.entries[Int(index % 256)] == Array(text.utf8))
        }
        #expect(Set(said.entries.map(\.index)).count == said.entries.count)
    }

    /// Runs the hammer until it has said `lines`, or until it kills itself.
    private func hammer(
        _ folder: Folder, run: Int, writers: Int = 4, killedAfter lines: Int?, environment: String? = nil
    ) throws -> Said {
        let process = Process()
        let executable: URL = try #require(Self.executable)
        process.executableURL = executable
        process.arguments = [folder.path, "\(run)", "\(writers)"]
        if let environment { process.environment = ["AIBOM_LOG_CRASH_AT": environment] }
        let output = Foundation.Pipe()
        process.standardOutput = output
        try process.run()
        var text = Data()
        while lines.map({ text.count(where: { $0 == 0x0a }) < $0 }) ?? true {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            text += more
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
        text += output.fileHandleForReading.readDataToEndOfFile()
        return Self.parse(text)
    }

    private static func parse(_ text: Data) -> Said {
        var said = Said()
        // A line that the dead process did not end was not said.
        for line in text.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast() {
            let parts = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard parts.count == 2 else { continue }
            if parts[0] == "#" {
                Base64.decode(parts[1].utf8).map { said.notes.append($0) }
            } else if let index = UInt64(parts[0]) {
                said.entries.append((index, String(parts[1])))
            }
        }
        return said
    }

    private static let executable: URL? = {
        let arguments = ProcessInfo.processInfo.arguments
        let candidates = arguments.filter { $0.hasSuffix(".xctest") } + [arguments.first ?? ""]
        return
            candidates
            .map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("log-hammer") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()
}
