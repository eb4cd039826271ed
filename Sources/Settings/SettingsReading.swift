internal import JSON
package import Jobs

/// Settings as they come together: first the file, then the environment, then the command line. All that is wrong is
/// collected, so that an operator mends it in one go.
package struct SettingsReading: Sendable {
    package private(set) var settings = Settings()
    package private(set) var findings: [SettingFinding] = []
    /// Where each value that is not the default was given.
    package private(set) var sources: [String: SettingSource] = [:]

    package init() {}

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// The settings, if nothing is wrong with them.
    package var checked: Settings? { hasErrors ? nil : settings }

    /// Takes a file's values.
    ///
    /// - Parameters:
    ///   - bytes: the whole file: one JSON object.
    ///   - path: its name, for errors.
    package mutating func read(file bytes: [UInt8], named path: String) {
        let json: JSON
        do throws(JSONError) { json = try JSON.parse(bytes, limits: .settings) } catch {
            let violation = Violation("the file", "is not valid JSON: \(error)", remedy: "mend it there")
            return report(.error, .file(path, line: error.position?.line ?? 1), violation)
        }
        guard let object = json.objectValue else {
            let violation = Violation("the file", "is no JSON object", remedy: "write { … } around all settings")
            return report(.error, .file(path, line: 1), violation)
        }
        let lines = JSONLines(bytes)
        take(object, below: "", pointer: "") { .file(path, line: lines.line(of: $0)) }
    }

    /// Takes one value as text.
    package mutating func read(_ text: String, for setting: Setting, from source: SettingSource) {
        write(setting.kind.value(of: text), to: setting, from: source)
    }

    /// Takes `KEY=VALUE`.
    package mutating func read(assignment: String) {
        let source = SettingSource.option("--set \(Violation.quotable(assignment))")
        guard let sign = assignment.firstIndex(of: "=") else {
            return report(.error, source, Violation("--set", "has no =", remedy: "write --set KEY=VALUE"))
        }
        let key = String(assignment[..<sign])
        guard let setting = Setting.named(key) else {
            return report(.error, source, .unknown(key, in: "", known: Setting.table.map(\.key)))
        }
        read(String(assignment[assignment.index(after: sign)...]), for: setting, from: source)
    }

    package mutating func report(
        _ severity: SettingFinding.Severity, _ source: SettingSource, _ violation: Violation
    ) {
        findings.append(SettingFinding(severity, source, violation))
    }

    private mutating func write(_ json: JSON, to setting: Setting, from source: SettingSource) {
        do throws(Violation) {
            try setting.write(json, to: &settings)
            sources[setting.key] = source
        } catch {
            report(.error, source, error)
        }
    }

    /// One object of the file: its members are settings, or objects of settings.
    private mutating func take(
        _ object: JSONObject, below prefix: String, pointer: String, _ source: (String) -> SettingSource
    ) {
        for member in object.members {
            let key = prefix + member.key
            let pointer = "\(pointer)/\(JSONPointer.escaped(member.key))"
            if let setting = Setting.named(key) {
                write(member.value, to: setting, from: source(pointer))
            } else if Setting.table.contains(where: { $0.key.hasPrefix("\(key).") }) {
                guard let group = member.value.objectValue else {
                    let violation = Violation(key, "is no object", remedy: "write \"\(member.key)\": { … }")
                    report(.error, source(pointer), violation)
                    continue
                }
                take(group, below: "\(key).", pointer: pointer, source)
            } else {
                let group = String(prefix.dropLast())
                report(.error, source(pointer), .unknown(member.key, in: group, known: Self.names(below: prefix)))
            }
        }
    }

    /// What may stand in the object at `prefix`.
    private static func names(below prefix: String) -> [String] {
        let names = Setting.table.filter { $0.key.hasPrefix(prefix) }.compactMap {
            $0.key.dropFirst(prefix.count).split(separator: ".").first.map(String.init)
        }
        return Array(Set(names))
    }
}
