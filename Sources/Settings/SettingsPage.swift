package import JSON

/// The table as people read it.
package enum SettingsPage {
    /// The rows of `docs/configuration.md`, with their head.
    package static var markdown: String {
        var text = "| key | value | default | variable | read by | what it is for |\n|---|---|---|---|---|---|\n"
        for setting in Setting.table {
            let cells = [
                "`\(setting.key)`", setting.kind.description, setting.standardText.map { "`\($0)`" } ?? "unset",
                "`\(setting.variable)`", setting.readerNames, setting.summary,
            ]
            text += "| \(cells.joined(separator: " | ")) |\n"
        }
        return text
    }

    /// One setting in a few lines, for a terminal.
    package static func lines(of setting: Setting) -> [String] {
        [
            setting.key,
            "    \(setting.summary)",
            "    value: \(setting.kind.description); default: \(setting.standardText ?? "unset")",
            "    variable: \(setting.variable); read by: \(setting.readerNames)",
        ]
    }
}

extension Setting {
    /// The default as it is written in the file, without quotes; nil when there is none.
    fileprivate var standardText: String? {
        switch standard {
        case .null: nil
        case .string(let text): text
        default: standard.description
        }
    }

    fileprivate var readerNames: String {
        SettingReader.allCases.filter(readers.contains).map(\.rawValue).joined(separator: ", ")
    }

    /// One row for programs.
    package var json: JSON {
        [
            "key": .string(key), "value": .string(kind.description), "default": standard,
            "variable": .string(variable),
            "read_by": .array(SettingReader.allCases.filter(readers.contains).map { .string($0.rawValue) }),
            "summary": .string(summary),
        ]
    }
}
