import Foundation
import JSON
import Testing

@testable import Settings

@Suite("The table of settings")
struct SettingTableTests {
    @Test("has each key and each variable once")
    func isUnique() {
        let keys = Setting.table.map(\.key)
        let variables = Setting.table.map(\.variable)
        #expect(Set(keys).count == keys.count)
        #expect(Set(variables).count == variables.count)
        // A variable that ends like another's file could not be told from it.
        for variable in variables { #expect(!variables.contains("\(variable)_FILE")) }
    }

    @Test("takes a key by path or by a token's URI, and no PIN in one")
    func keyReferences() throws {
        let setting = try #require(Setting.named("key"))
        var settings = Settings()
        for text in ["/k.pem", "file:/k.pem", "pkcs11:object=k?module-path=/m&pin-source=/p", "handle:0x81000001"] {
            try setting.write(.string(text), to: &settings)
            #expect(settings.key == text)
            // Only a path may begin at the working directory.
            #expect(setting.kind.isPath(text) == (text == "/k.pem"))
        }
        for text in ["k.pem", "file:k.pem", "http://x/", "pkcs11:object=k?pin-value=1234", "handle:\n", ""] {
            #expect(throws: (any Error).self, "\(text)") { try setting.write(.string(text), to: &settings) }
        }
    }

    @Test("has no key that is also a group of others")
    func isTree() {
        for setting in Setting.table {
            #expect(!Setting.table.contains { $0.key.hasPrefix("\(setting.key).") }, "\(setting.key)")
        }
    }

    @Test("has only defaults that it would take itself", arguments: Setting.table.map(\.key))
    func defaults(_ key: String) throws {
        let setting = try #require(Setting.named(key))
        var settings = Settings()
        try setting.write(setting.standard, to: &settings)
        #expect(settings == Settings())
    }

    @Test("writes each setting to a place of its own", arguments: Setting.table.map(\.key))
    func places(_ key: String) throws {
        let setting = try #require(Setting.named(key))
        var settings = Settings()
        let value = try #require(setting.anotherValue)
        try setting.write(value, to: &settings)
        #expect(setting.value(in: settings) == value)
        for other in Setting.table where other.key != key {
            #expect(other.value(in: settings) == other.standard, "\(key) changed \(other.key)")
        }
    }

    @Test("says what each is for in a sentence that ends")
    func summaries() {
        for setting in Setting.table {
            #expect(setting.summary.hasSuffix(".") && setting.summary.count > 20, "\(setting.key)")
            #expect(!setting.readers.isEmpty, "\(setting.key)")
        }
    }

    @Test("is what docs/configuration.md says")
    func page() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/configuration.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        if ProcessInfo.processInfo.environment["AIBOM_WRITE_VECTORS"] == "1" {
            let start = try #require(text.range(of: "| key |")?.lowerBound)
            let end = text[start...].range(of: "\n\n")?.lowerBound ?? text.endIndex
            try (text[..<start] + SettingsPage.markdown.dropLast() + text[end...]).write(
                to: page, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: page, encoding: .utf8).contains("\n\n\(SettingsPage.markdown)\n"))
    }
}

extension Setting {
    /// A value that is not the default.
    fileprivate var anotherValue: JSON? {
        var candidates: [JSON] = [
            "/another/path", "another line", true, false, "127.0.0.1:4711", ["another"], ["/another"], ["127.0.0.1:1"],
        ]
        candidates += kind.words.map(JSON.string) + kind.words.map { [.string($0)] }
        if case .number(let range, _) = kind.rule {
            candidates += [.integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))]
        }
        return candidates.first { candidate in
            var settings = Settings()
            return candidate != standard && (try? write(candidate, to: &settings)) != nil
        }
    }
}
