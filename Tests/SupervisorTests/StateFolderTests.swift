import Foundation
import Testing

@testable import Supervisor

@Suite("the state folder")
struct StateFolderTests {
    private let path = "/tmp/aibom-state-\(UUID().uuidString)"

    private func withFolder(_ body: () throws -> Void) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body()
    }

    private func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/version")) }

    @Test("says its layout once it is settled, and may be opened again after that")
    func settles() throws {
        try withFolder {
            for _ in 0..<2 {
                try StateFolder(at: path).settle()
                #expect(try String(contentsOfFile: "\(path)/version", encoding: .utf8) == "2\n")
            }
            try write("1\n")
            try StateFolder(at: path).settle()
            #expect(try String(contentsOfFile: "\(path)/version", encoding: .utf8) == "2\n")
        }
    }

    @Test("of a later layout is refused and left as it is")
    func newer() throws {
        try withFolder {
            try write("3\n")
            #expect(throws: SupervisorError.newerState(path, found: 3, known: 2)) { try StateFolder(at: path) }
            #expect(try String(contentsOfFile: "\(path)/version", encoding: .utf8) == "3\n")
        }
    }

    @Test("whose version does not read is refused", arguments: ["", "two", "0", "-1", "\u{0}", "2.0"])
    func unreadable(text: String) throws {
        try withFolder {
            try write(text)
            #expect(throws: SupervisorError.unreadableState("\(path)/version")) { try StateFolder(at: path) }
        }
    }

    @Test("has one supervisor at a time")
    func locks() throws {
        try withFolder {
            let first = try StateFolder(at: path)
            #expect(throws: SupervisorError.stateInUse(path)) { try StateFolder(at: path) }
            try first.settle()
        }
    }
}
