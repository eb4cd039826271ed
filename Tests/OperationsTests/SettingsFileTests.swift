import Foundation
import Jobs
import Settings
import Testing

@testable import Operations

@Suite("The file of settings")
struct SettingsFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func words(_ reading: SettingsReading) -> [String] { reading.findings.map { $0.violation.reason } }

    @Test("is read, then the environment, then the command line")
    func order() throws {
        let path = try folder.write(
            #"{"state": "/file", "socket": "/file/s", "runtime": "/file/r", "log": {"level": "error"}}"#, as: "c.json")
        let reading = SettingsFile.load(
            path, environment: ["AIBOM_SOCKET": "/env/s", "AIBOM_RUNTIME": "/env/r"],
            options: [(key: "runtime", value: "/option/r"), (key: "state", value: nil)],
            assignments: ["log.level=debug"])
        let settings = try #require(reading.checked)
        #expect(settings.state == "/file")
        #expect(settings.socket == "/env/s")
        #expect(settings.runtime == "/option/r")
        #expect(settings.log.level == .debug)
    }

    @Test("is named by AIBOM_CONFIG when no option names it")
    func variable() throws {
        let path = try folder.write(#"{"state": "/file"}"#, as: "c.json")
        #expect(SettingsFile.load(nil, environment: ["AIBOM_CONFIG": path]).settings.state == "/file")
        let other = try folder.write(#"{"state": "/other"}"#, as: "d.json")
        #expect(SettingsFile.load(other, environment: ["AIBOM_CONFIG": path]).settings.state == "/other")
    }

    @Test("that others may write to is refused", arguments: [0o620, 0o602, 0o666])
    func writable(_ mode: Int) throws {
        let path = try folder.write("{}", as: "c.json", mode: mode)
        #expect(words(SettingsFile.load(path, environment: [:])) == ["can be written by others"])
    }

    @Test("that another user owns is refused", .enabled("needs root") { geteuid() == 0 })
    func foreign() throws {
        let path = try folder.write("{}", as: "c.json")
        try FileManager.default.setAttributes([.ownerAccountID: 65_534], ofItemAtPath: path)
        #expect(words(SettingsFile.load(path, environment: [:])) == ["belongs to user 65534"])
    }

    @Test("that is not there, or no file, is an error and not an empty one")
    func missing() throws {
        #expect(words(SettingsFile.load(folder.path("none"), environment: [:])).first?.contains("no such file") == true)
        #expect(words(SettingsFile.load(folder.path, environment: [:])) == ["is no regular file"])
        let fifo = folder.path("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        #expect(words(SettingsFile.load(fifo, environment: [:])) == ["is no regular file"])
    }

    @Test("gives the value of a NAME_FILE variable")
    func valueFile() throws {
        let path = try folder.write("/keys/k.pem\n", as: "value")
        #expect(SettingsFile.load(nil, environment: ["AIBOM_KEY_FILE": path]).settings.key == "/keys/k.pem")
        #expect(SettingsFile.load(nil, environment: ["AIBOM_KEY_FILE": folder.path("none")]).hasErrors)
    }
}
