import ArgumentParser
import Catalogue
import Isolation
import JSON
import Linux
import Measure
import Policy
import Sandbox

/// What jobs may do.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "List, check and explain policies.",
        subcommands: [List.self, CheckFile.self, Explain.self])
}

extension PolicyCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the policies that a job can ask for.")

        @OptionGroup var format: FormatOptions

        func run() throws {
            let policies = try PolicyCatalogue.names.map { try PolicyCatalogue.policy($0) }
            if format.json { return Console.show(["policies": .array(policies.map(\.json))]) }
            for policy in policies { Console.show("\(policy.policy.name)  \(policy.policy.summary)") }
        }
    }

    struct CheckFile: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check a policy file, or a container engine's seccomp profile; exit 1 if it has errors.")

        @OptionGroup var format: FormatOptions

        @Argument(help: "The file.") var file: String

        func run() throws {
            let check = try PolicyCatalogue.check(file.contains("/") ? file : "./\(file)")
            if format.json {
                Console.show([
                    "file": .string(file), "ok": .bool(!check.hasErrors),
                    "findings": .array(check.findings.map(\.json)),
                ])
            } else {
                for finding in check.findings { Console.show("\(file):\(finding.line): \(finding.words)") }
                Console.say(try check.summary())
            }
            guard !check.hasErrors else { throw ExitCode(ExitStatus.failed.rawValue) }
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the tape: every system call that confines a job, in order, and what the job may call.")

        @Argument(help: "A policy by name, or a file with a / in its path.") var name: String

        func run() throws {
            let confined = try PolicyCatalogue.policy(name)
            let program = Program(path: "/program", arguments: ["program"], environment: [])
            let tape = Tape.explained(program, under: confined, inputNames: ["input"], groups: try GroupSurvey().joins)
            Console.show("# policy \(confined.policy.name) sha256:\(confined.digest)")
            Console.show("# \(confined.policy.summary)")
            Console.show("# the tape; <…> differs from job to job")
            for line in tape.canonicalLines { Console.show(line) }
            Console.show("# system calls; those not named here: \(confined.policy.seccomp.defaultAction.words)")
            for call in try confined.policy.seccomp.calls() { Console.show("\(call.name): \(call.sentence)") }
        }
    }
}

extension PolicyFinding {
    fileprivate var words: String { "\(severity.rawValue): \(path.isEmpty ? "/" : path) \(problem); \(remedy)" }

    fileprivate var json: JSON {
        [
            "severity": .string(severity.rawValue), "path": .string(path), "line": .integer(Int64(line)),
            "problem": .string(problem), "remedy": .string(remedy),
        ]
    }
}

extension PolicyCheck {
    fileprivate func summary() throws -> String {
        let errors = findings.count { $0.severity == .error }
        guard errors == 0, let seccomp else { return "\(errors) errors, \(findings.count - errors) warnings" }
        let filter = try seccomp.compile()
        let unknown = filter.unknownNames
        return "well formed, \(findings.count) warnings; its filter has \(filter.bytes.count / 8) instructions"
            + (unknown.isEmpty ? "" : "; calls that this architecture lacks: \(unknown.joined(separator: ", "))")
    }
}

extension CallVerdict {
    /// What becomes of the call, with every condition.
    fileprivate var sentence: String {
        guard !cases.isEmpty else { return words }
        let answers = cases.map { "\($0.action.words) if \($0.conditions.joined(separator: " and "))" }
        return answers.joined(separator: "; ") + "; else \(otherwise.words)"
    }
}

extension ConfinedPolicy {
    fileprivate var json: JSON {
        ["name": .string(policy.name), "summary": .string(policy.summary), "sha256": .string(digest.hex)]
    }
}
