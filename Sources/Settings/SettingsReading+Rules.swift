internal import JSON
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
        if settings.gateway.mayState.contains(.operator) {
            let violation = Violation(
                "gateway.may_state", "has operator", limit: ["submitter", "auditor"],
                remedy:
                    "leave it out: who took over the gateway would be the operator; give operators a token or the socket"
            )
            conflicts.append(("gateway.may_state", violation))
        }
        if settings.gateway.user == "root" || settings.gateway.user == "0" {
            let violation = Violation(
                "gateway.user", "is root", remedy: "run the gateway as a user of its own, such as aibom-gateway")
            conflicts.append(("gateway.user", violation))
        }
        return conflicts
    }
}
