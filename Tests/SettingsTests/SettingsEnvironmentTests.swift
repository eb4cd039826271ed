import JSON
import Jobs
import Testing

@testable import Settings

@Suite("Settings from the environment")
struct SettingsEnvironmentTests {
    private func read(_ environment: [String: String], file: String = "{}") -> SettingsReading {
        var reading = SettingsReading()
        reading.read(file: Array(file.utf8), named: "config.json")
        reading.read(environment: environment) { path in
            path == "/secret"
                ? .success("/from/a/file\n") : .failure(Violation("", "is not there", remedy: "name another"))
        }
        return reading
    }

    @Test("override the file")
    func overrides() {
        let reading = read(
            ["AIBOM_STATE": "/env", "AIBOM_LOG_LEVEL": "debug", "AIBOM_STOP_PATIENCE_SECONDS": "20", "HOME": "/x"],
            file: "{\"state\": \"/file\", \"socket\": \"/file/socket\"}")
        #expect(reading.findings.isEmpty)
        #expect(reading.settings.state == "/env")
        #expect(reading.settings.socket == "/file/socket")
        #expect(reading.settings.log.level == .debug)
        #expect(reading.settings.stop.patienceSeconds == 20)
        #expect(reading.sources["state"] == .variable("AIBOM_STATE"))
    }

    @Test("are overridden by the command line")
    func options() {
        var reading = read(["AIBOM_LOG_LEVEL": "debug"])
        reading.read(assignment: "log.level=error")
        reading.read(assignment: "state=/a=b")
        #expect(reading.settings.log.level == .error)
        #expect(reading.settings.state == "/a=b")
        reading.read(assignment: "log.levl=error")
        reading.read(assignment: "log.level")
        #expect(
            reading.findings.map(\.description) == [
                "--set log.levl=error: error: log.levl is not known; did you mean log.level?",
                "--set log.level: error: --set has no =; write --set KEY=VALUE",
            ])
    }

    @Test("come from files, as containers are given secrets")
    func files() {
        #expect(read(["AIBOM_KEY_FILE": "/secret"]).settings.key == "/from/a/file")
        #expect(
            read(["AIBOM_KEY_FILE": "/none"]).findings.map(\.description) == [
                "environment variable AIBOM_KEY_FILE: error: key is not there; name another"
            ])
        #expect(read(["AIBOM_KEY_FILE": "/secret", "AIBOM_KEY": "/k"]).hasErrors)
    }

    @Test("that are empty are not there")
    func empty() { #expect(read(["AIBOM_STATE": "", "AIBOM_KEY": ""]).settings == Settings()) }

    @Test("say what is wrong with them")
    func faults() {
        #expect(
            read(["AIBOM_LOG_FORMAT": "xml"]).findings.map(\.description) == [
                "environment variable AIBOM_LOG_FORMAT: error: log.format is \"xml\"; use one of: text, json"
            ])
    }

    @Test("that are unknown are a warning with the nearest name, and no error")
    func unknown() {
        let reading = read(["AIBOM_LOG_LEVLE": "debug", "AIBOM_ZZZZZZZZZZZZ": "1"])
        #expect(!reading.hasErrors)
        #expect(
            reading.findings.map(\.description) == [
                "environment variable AIBOM_LOG_LEVLE: warning: AIBOM_LOG_LEVLE is not known; "
                    + "did you mean AIBOM_LOG_LEVEL?",
                "environment variable AIBOM_ZZZZZZZZZZZZ: warning: AIBOM_ZZZZZZZZZZZZ is not known; "
                    + "aibom config explain lists those that are; or unset it",
            ])
    }

    @Test("of ours that are no settings are known")
    func others() { #expect(read(["AIBOM_TOKEN": "x", "AIBOM_CONFIG": "/x", "AIBOM_CRASH_AT": "x"]).findings.isEmpty) }
}

@Suite("An address")
struct SocketAddressTests {
    @Test(
        "is a host and a port",
        arguments: [("127.0.0.1:80", "127.0.0.1", 80), ("[::1]:8443", "::1", 8443), ("localhost:0", "localhost", 0)])
    func reads(_ text: String, _ host: String, _ port: Int) throws {
        let address = try #require(SocketAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.description == text)
    }

    @Test(
        "is nothing else",
        arguments: ["", ":80", "a", "a:", "a:65536", "a:-1", "::1:80", "[]:80", "a b:80", "[a:80", "example.org:80"])
    func refuses(_ text: String) { #expect(SocketAddress(text) == nil) }

    @Test(
        "of loopback is known",
        arguments: [("127.9.9.9:1", true), ("[::1]:1", true), ("localhost:1", true), ("0.0.0.0:1", false)])
    func loopback(_ text: String, _ isLoopback: Bool) { #expect(SocketAddress(text)?.isLoopback == isLoopback) }
}
