internal import JSON

/// One thing that a policy file should not have.
package struct PolicyFinding: Equatable, Sendable {
    package enum Severity: String, Equatable, Sendable {
        /// No job could start under the policy, or it would not be confined as a reader of the file expects.
        case error
        case warning
    }

    package let severity: Severity
    /// Where, as a JSON pointer (RFC 6901).
    package let path: String
    package let line: Int
    package let problem: String
    package let remedy: String
}

/// What is wrong or doubtful in a policy, or in a container engine's profile that stands alone.
package struct PolicyCheck: Equatable, Sendable {
    /// The rules for calls, when they could be read.
    package let seccomp: SeccompProfile?
    /// In the order of the file.
    package let findings: [PolicyFinding]

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// Checks a file.
    ///
    /// - Parameters:
    ///   - source: the file's bytes.
    ///   - platform: the machine that jobs will run on.
    package init(_ source: [UInt8], on platform: PlatformFacts = .native) {
        let file: JSON
        do throws(JSONError) {
            file = try JSON.parse(source, limits: .policy)
        } catch {
            let fault = Doubt(.error, "", "is not valid JSON: \(error)", "mend it")
            (seccomp, findings) = (nil, [fault.finding(line: error.position?.line ?? 1)])
            return
        }
        var doubts: [Doubt] = []
        var profile: SeccompProfile?
        // A profile that stands alone has its default action where a policy has its name.
        let isBare = file["defaultAction"] != nil
        do throws(PolicyError) {
            if isBare {
                profile = try SeccompProfile(parsing: source, on: platform)
            } else {
                let policy = try Policy(parsing: source, on: platform)
                profile = policy.seccomp
                doubts += policy.doubts
            }
            if let profile { doubts += try profile.doubts(below: isBare ? "" : "/seccomp") }
        } catch {
            doubts.append(Doubt(error, in: profile, below: isBare ? "" : "/seccomp"))
        }
        let lines = JSONLines(source)
        seccomp = profile
        findings = doubts.map { $0.finding(line: lines.line(of: $0.path)) }.sorted { $0.line < $1.line }
    }
}

/// A finding before its line is known.
struct Doubt {
    let severity: PolicyFinding.Severity
    let path: String
    let problem: String
    let remedy: String

    init(_ severity: PolicyFinding.Severity, _ path: String, _ problem: String, _ remedy: String) {
        self.severity = severity
        self.path = path
        self.problem = problem
        self.remedy = remedy
    }

    /// A file that can't be taken.
    fileprivate init(_ error: PolicyError, in profile: SeccompProfile?, below root: String) {
        switch error {
        case .syntax(let text): self.init(.error, "", text, "mend it")
        case .field(let path, let problem, let remedy):
            self.init(.error, path == "/" ? "" : path, problem, remedy)
        case .seccomp(let rule, let problem):
            let place = profile?.place(of: rule).map { "\(root)\($0)" }
            // The remedy is what follows the last semicolon.
            let parts = problem.split(separator: "; ")
            let isWhole = parts.count < 2
            self.init(
                .error, place ?? "\(root)/\(rule)",
                "\(rule): " + (isWhole ? problem : parts.dropLast().joined(separator: "; ")),
                isWhole ? "change or remove the rule" : String(parts[parts.count - 1]))
        }
    }

    func finding(line: Int) -> PolicyFinding {
        PolicyFinding(severity: severity, path: path, line: line, problem: problem, remedy: remedy)
    }
}

extension SeccompProfile {
    /// Where the first rule names a call, within the profile.
    func place(of name: String) -> String? {
        rules.first { $0.names.contains(name) }.map { "/syscalls/\($0.position)" }
    }
}
