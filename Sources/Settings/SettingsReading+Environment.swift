internal import JSON
package import Jobs

extension SettingsReading {
    /// Takes the values of environment variables.
    ///
    /// An empty variable counts as one that is not there. `NAME_FILE` names a file that holds the value of `NAME`, less one
    /// newline at its end, as containers are given secrets.
    ///
    /// - Parameters:
    ///   - environment: every variable of the process.
    ///   - contents: reads a file, or says by a `Violation`'s reason and remedy why it can't.
    package mutating func read(
        environment: [String: String], contents: (String) -> Result<String, Violation>
    ) {
        let given = environment.filter { $0.key.hasPrefix("AIBOM_") && !$0.value.isEmpty }
        for setting in Setting.table { take(setting, from: given, contents) }
        warn(of: given.keys.sorted())
    }

    private mutating func take(
        _ setting: Setting, from given: [String: String], _ contents: (String) -> Result<String, Violation>
    ) {
        let file = "\(setting.variable)_FILE"
        switch (given[setting.variable], given[file]) {
        case (nil, nil): return
        case (let text?, nil): read(text, for: setting, from: .variable(setting.variable))
        case (nil, let path?):
            switch contents(path) {
            case .success(let text):
                read(text.hasSuffix("\n") ? String(text.dropLast()) : text, for: setting, from: .variable(file))
            case .failure(let fault):
                report(.error, .variable(file), Violation(setting.key, fault.reason, remedy: fault.remedy))
            }
        case (_?, _?):
            let violation = Violation(
                setting.key, "is given by \(setting.variable) and by \(file)", remedy: "take one of them away")
            report(.error, .variable(file), violation)
        }
    }

    /// A variable that looks like ours and is none is probably a slip; it may also be another version's, so no error.
    private mutating func warn(of names: [String]) {
        let known = Setting.table.flatMap { [$0.variable, "\($0.variable)_FILE"] } + Self.otherVariables
        for name in names where !known.contains(name) {
            guard !Self.otherPrefixes.contains(where: name.hasPrefix) else { continue }
            var violation = Violation.unknown(name, in: "", known: known)
            if known.nearest(to: name) == nil {
                violation = Violation(
                    violation.field, violation.reason, remedy: "aibom config explain lists those that are; or unset it")
            }
            report(.warning, .variable(name), violation)
        }
    }

    /// Variables of ours that are no settings.
    private static let otherVariables = [
        "AIBOM_CONFIG", "AIBOM_URL", "AIBOM_CA", "AIBOM_TOKEN", "AIBOM_TOKEN_FILE",
    ]
    /// Those of our tests and of the machines that they run in.
    private static let otherPrefixes = ["AIBOM_TEST", "AIBOM_VM_", "AIBOM_CRASH_", "AIBOM_WRITE_VECTORS"]
}
