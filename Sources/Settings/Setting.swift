package import JSON
internal import Jobs

/// A program that reads settings.
package enum SettingReader: String, CaseIterable, Sendable {
    case supervisor = "aibomd"
    case gateway = "aibom-gateway"
    /// The other commands heed the variables of the socket and of the rootfs, and have options for the rest.
    case doctor = "aibom doctor"
}

/// One row of the table: a key, what its value may be, where it goes, and what it is for.
package struct Setting: Sendable {
    /// Member names from the file's top, joined by dots.
    package let key: String
    /// The environment variable that overrides the file.
    package let variable: String
    package let kind: SettingKind
    package let readers: Set<SettingReader>
    package let summary: String
    private let put: @Sendable (JSON, inout Settings) -> Bool
    private let read: @Sendable (Settings) -> JSON

    /// - Parameters:
    ///   - key: as in the file.
    ///   - field: where the value goes; what stands there in `Settings()` is the default.
    ///   - rule: what the value may be.
    ///   - variable: nil is `AIBOM_` and the key in capitals.
    ///   - readers: the programs that heed it.
    ///   - summary: one sentence, or two.
    init<Value: SettingValue>(
        _ key: String, _ field: any WritableKeyPath<Settings, Value> & Sendable, _ rule: SettingKind.Rule,
        variable: String? = nil, for readers: Set<SettingReader>, _ summary: String
    ) {
        self.key = key
        self.variable = variable ?? "AIBOM_\(key.replacing(".", with: "_").uppercased())"
        kind = SettingKind(rule: rule, words: Value.words, isOptional: Value.isOptional, isList: Value.isList)
        self.readers = readers
        self.summary = summary
        put = { json, settings in
            guard let value = Value(setting: json) else { return false }
            settings[keyPath: field] = value
            return true
        }
        read = { $0[keyPath: field].setting }
    }

    /// What holds when nothing is said; null for "not set".
    package var standard: JSON { read(Settings()) }

    /// What stands in `settings`.
    package func value(in settings: Settings) -> JSON { read(settings) }

    /// Writes a value.
    ///
    /// - Throws: `Violation` that names the key, the value, what is allowed and what to do; nothing is written then.
    func write(_ json: JSON, to settings: inout Settings) throws(Violation) {
        try kind.check(json, key)
        guard put(json, &settings) else { throw kind.mismatch(json, key) }
    }
}
