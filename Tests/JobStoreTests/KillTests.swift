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
