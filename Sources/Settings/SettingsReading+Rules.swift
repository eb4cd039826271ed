internal import Jobs

extension SettingsReading {
    /// What no single value shows: call it once, when all are in.
    package mutating func crossCheck() {
        for (key, violation) in Self.conflicts(in: settings) {
            report(.error, sources[key] ?? .option("settings"), violation)
        }
    }

    private static func conflicts(in settings: Settings) -> [(String, Violation)] {
        var conflicts: [(String, Violation)] = []
        if settings.state == settings.runtime {
            let violation = Violation(
                "runtime", "is the state folder", remedy: "give run-time state a folder of its own, such as /run/aibom")
            conflicts.append(("runtime", violation))
        }
        return conflicts
    }
}
