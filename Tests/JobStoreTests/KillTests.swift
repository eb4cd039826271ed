import Foundation
import Jobs
import Linux
import Measure
import Testing

@testable import JobStore

/// A process that dies in the middle of writing, as SIGKILL and the kernel's memory killer have it.
@Suite("a killed writer", .timeLimit(.minutes(1)))
struct KillTests {
    private static let executable: URL? = {
        let arguments = ProcessInfo.processInfo.arguments
        let candidates = arguments.filter { $0.hasSuffix(".xctest") } + [arguments.first ?? ""]
        return
            candidates
            .map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("store-hammer") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    @Test("loses nothing that it said was safe, and leaves nothing half", arguments: [1, 7, 20])
    func losesNothing(after lines: Int) throws {
        let folder = try Folder()
        let said = try hammer(folder, killedAfter: lines)
        #expect(said.count >= lines)

        let store = try folder.jobs()
        let blobs = try folder.blobs()
        for id in said {
            let job = try store.job(id)
            #expect(job.state == .queued)
            #expect(
                try store.events(of: id).map(\.kind) == [.state(.received, attempt: 1), .state(.queued, attempt: 1)])
        }
        // Jobs that were not said yet may be there, but only whole.
        for job in try store.jobs(JobFilter(limit: 1000)) {
            let input = try #require(job.inputs.first)
            let measured = try Digest.of(file: blobs.open(input.input.digest))
            #expect(measured.digest == input.input.digest)
            #expect(measured.size == input.size)
        }
        let files = try folder.files().filter { $0.hasPrefix("blobs/") }
        for file in files { #expect(try Digest.of(file: folder.open(file)).digest.hex == file.suffix(64)) }
        #expect(files.count >= said.count)
    }

    #if DEBUG
        /// What is named is where it dies: after the third commit, before the line that would say so.
        @Test("dies at the step that is named, and its successor finds what that step promises")
        func crashPoint() throws {
            let folder = try Folder()
            let (said, status) = try hammer(folder, crashingAt: "job-accepted:3")
            #expect(said.count == 2)
            #expect(status == SIGKILL)
            #expect(try folder.jobs().tally() == [.queued: 3])

            let written = try Folder()
            #expect(try hammer(written, crashingAt: "upload-written").said.isEmpty)
            #expect(try written.files().allSatisfy { !$0.hasPrefix("blobs/") })
            let linked = try Folder()
            #expect(try hammer(linked, crashingAt: "upload-linked").said.isEmpty)
            #expect(try linked.files().count { $0.hasPrefix("blobs/") } == 1)
        }

        /// A crash test whose step is misspelt must not pass for want of a crash.
        @Test(
            "refuses to begin with a step that there is not", arguments: ["job-acepted", "signed:0", "signed:x", ":1"])
        func unknownStep(name: String) throws {
            let (said, status) = try hammer(Folder(), crashingAt: name)
            #expect(said.isEmpty && status != SIGKILL)
        }
    #endif

    private func hammer(_ folder: Folder, crashingAt step: String) throws -> (said: [JobID], status: Int32) {
        let process = Process()
        let executable: URL = try #require(Self.executable)
        process.executableURL = executable
        process.arguments = [folder.path]
        process.environment = ["AIBOM_CRASH_AT": step, "SWIFT_BACKTRACE": "enable=no"]
        let output = Foundation.Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let said = String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { JobID(String($0)) }
        return (said, process.terminationStatus)
    }

    /// The ids that the hammer said before it was killed.
    private func hammer(_ folder: Folder, killedAfter lines: Int) throws -> [JobID] {
        let process = Process()
        let executable: URL = try #require(Self.executable)
        process.executableURL = executable
        process.arguments = [folder.path]
        let output = Foundation.Pipe()
        process.standardOutput = output
        try process.run()
        var text = Data()
        while text.count(where: { $0 == 0x0a }) < lines {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            text += more
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        text += output.fileHandleForReading.readDataToEndOfFile()
        return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { JobID(String($0)) }
    }
}
