import JSON
import Jobs
import Testing

@testable import Settings

@Suite("A file of settings")
struct SettingsTextTests {
    private func read(_ text: String) -> SettingsReading {
        var reading = SettingsReading()
        reading.read(file: Array(text.utf8), named: "config.json")
        reading.crossCheck()
        return reading
    }

    @Test("sets what it names and leaves the rest")
    func reads() throws {
        let reading = read(
            """
            {"state": "/srv/aibom",
             "log": {"format": "json"},
             "stop": {"mode": "finish", "patience_seconds": 600}}
            """)
        var expected = Settings()
        expected.state = "/srv/aibom"
        expected.log.format = .json
        expected.stop.mode = .finish
        expected.stop.patienceSeconds = 600
        #expect(reading.findings.isEmpty)
        #expect(reading.checked == expected)
        #expect(reading.sources["stop.mode"] == .file("config.json", line: 3))
        #expect(reading.sources["log.level"] == nil)
    }

    @Test("that is empty changes nothing")
    func empty() { #expect(read("{}").checked == Settings()) }

    @Test(
        "with a fault says where, what and the remedy",
        arguments: [
            ("{\n\"stat\": \"/x\"}", 2, "stat is not known; did you mean state?"),
            ("{\n\n\"log\": {\n\"levle\": \"info\"}}", 4, "log.levle is not known; did you mean level?"),
            (
                "{\"log\": {\"level\": \"loud\"}}", 1,
                "log.level is \"loud\"; use one of: trace, debug, info, notice, warning, error, critical"
            ),
            (
                "{\"stop\":\n{\"patience_seconds\": 0}}", 2,
                "stop.patience_seconds is 0; write a whole number of seconds from 1 to 86400, without quotes"
            ),
            (
                "{\"stop\": {\"patience_seconds\": \"10\"}}", 1,
                "stop.patience_seconds is \"10\"; write a whole number of seconds from 1 to 86400, without quotes"
            ),
            (
                "{\"stop\": {\"patience_seconds\": 1.5}}", 1,
                "stop.patience_seconds is 1.5; write a whole number of seconds from 1 to 86400, without quotes"
            ),
            (
                "{\"stop\": {\"patience_seconds\": 99999999999999999999}}", 1,
                "stop.patience_seconds is 99999999999999999999; "
                    + "write a whole number of seconds from 1 to 86400, without quotes"
            ),
            ("{\"state\": 7}", 1, "state is 7; write an absolute path, such as \"/var/lib/aibom\""),
            ("{\"state\": \"var\"}", 1, "state is \"var\"; write an absolute path, such as \"/var/lib/aibom\""),
            ("{\"state\": null}", 1, "state is null; write an absolute path, such as \"/var/lib/aibom\""),
            (
                "{\"state\": \"/a\\nb\"}", 1, "state is \"/a\\nb\"; write an absolute path, such as \"/var/lib/aibom\""
            ),
            ("{\"log\": \"json\"}", 1, "log is no object; write \"log\": { … }"),
            ("[]", 1, "the file is no JSON object; write { … } around all settings"),
            (
                "{\"runtime\": \"/x\",\n\"state\": \"/x\"}", 1,
                "runtime is the state folder; give run-time state a folder of its own, such as /run/aibom"
            ),
        ])
    func faults(_ text: String, _ line: Int, _ words: String) {
        let reading = read(text)
        #expect(reading.findings.map(\.description) == ["config.json:\(line): error: \(words)"])
        #expect(reading.checked == nil)
    }

    @Test(
        "whose values don't go together says which and what to do",
        arguments: [
            ("{\"gateway\": {\n\"listen\": \"0.0.0.0:80\"}}", 2, "gateway.listen is reached by others, without TLS"),
            ("{\"gateway\": {\"tls_key\": \"/k\"}}", 1, "gateway.tls_key has no certificate"),
            ("{\"gateway\": {\"tls_certificate\": \"/c\"}}", 1, "gateway.tls_certificate has no key"),
            ("{\"gateway\": {\"may_state\": [\"auditor\",\n\"operator\"]}}", 1, "gateway.may_state has operator"),
            ("{\"gateway\": {\"user\": \"root\"}}", 1, "gateway.user is root"),
            ("{\"oidc\": {\"issuer\": \"https://a\"}}", 1, "oidc.issuer needs oidc.audience"),
            (
                "{\"oidc\": {\"issuer\": \"https://a\", \"audience\": \"b\",\n\"keys\": \"http://c\"}}", 2,
                "oidc.keys is neither an absolute path nor an https URL"
            ),
        ])
    func conflicts(_ text: String, _ line: Int, _ words: String) {
        let found = read(text).findings.map(\.description)
        #expect(found.count == 1 && found[0].hasPrefix("config.json:\(line): error: \(words); "), "\(found)")
    }

    @Test(
        "that others reach is fine with TLS, or behind what does TLS",
        arguments: [
            "{\"gateway\": {\"listen\": \"0.0.0.0:443\", \"tls_certificate\": \"/c\", \"tls_key\": \"/k\"}}",
            "{\"gateway\": {\"listen\": \"[::]:80\", \"plaintext\": true}}",
            "{\"gateway\": {\"listen\": \"[::1]:80\"}}",
        ])
    func transport(_ text: String) { #expect(read(text).findings.isEmpty) }

    @Test("tells all its faults at once, in its order")
    func allFaults() {
        let reading = read("{\"states\": 1,\n\"key\": 2,\n\"log\": {\"a\": 3,\n\"format\": \"xml\"}}")
        #expect(reading.findings.map(\.violation.field) == ["states", "key", "log.a", "log.format"])
        #expect(reading.findings.map(\.source) == (1...4).map { .file("config.json", line: $0) })
    }

    @Test(
        "that is no JSON of ours is refused with the line",
        arguments: [("{\n\"a\": }", 2), ("{\"state\": \"/a\",\n\"state\": \"/b\"}", 2), ("// no comments\n{}", 1)])
    func noJSON(_ text: String, _ line: Int) {
        let reading = read(text)
        #expect(reading.findings.map(\.source) == [.file("config.json", line: line)])
        #expect(reading.findings.first?.violation.reason.hasPrefix("is not valid JSON") == true)
    }

    @Test("can unset what is optional")
    func optional() { #expect(read("{\"key\": null}").checked == Settings()) }

    @Test("quotes a long word of a hostile file short")
    func longWord() {
        let reading = read("{\"log\": {\"level\": \"\(String(repeating: "x", count: 100_000))\"}}")
        #expect((reading.findings.first?.description.count ?? .max) < 300)
    }

    @Test("names a path that is too long for a socket")
    func longSocket() {
        let reading = read("{\"socket\": \"/\(String(repeating: "s", count: 107))\"}")
        #expect(reading.findings.first?.violation.limit == 107)
        #expect(read("{\"socket\": \"/\(String(repeating: "s", count: 106))\"}").findings.isEmpty)
    }
}
