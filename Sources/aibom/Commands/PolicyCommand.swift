import ArgumentParser
import Catalogue
import JSON
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
            commandName: "check", abstract: "Check a policy file: its fields, its limits, its seccomp rules.")

        @Argument(help: "The file.") var file: String

        func run() throws {
            let policy = try PolicyCatalogue.policy(file.contains("/") ? file : "./\(file)")
            Console.say("policy \(policy.policy.name) is well formed, sha256:\(policy.digest)")
            Console.say("its filter has \(policy.filter.bytes.count / 8) instructions")
            let unknown = policy.filter.unknownNames
            guard !unknown.isEmpty else { return }
            Console.say("calls that this architecture does not have: \(unknown.joined(separator: ", "))")
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the tape: every system call that confines a job, in order, and what the job may call.")

        @Argument(help: "A policy by name, or a file with a / in its path.") var name: String

        func run() throws {
            let confined = try PolicyCatalogue.policy(name)
            let program = Program(path: "/program", arguments: ["program"], environment: [])
            let tape = Tape.explained(program, under: confined, inputNames: ["input"], groups: [])
            Console.show("# policy \(confined.policy.name) sha256:\(confined.digest)")
            Console.show("# \(confined.policy.summary)")
            Console.show("# the tape; <…> differs from job to job")
            for line in tape.canonicalLines { Console.show(line) }
            Console.show("# system calls, default: \(confined.policy.seccomp.defaultAction)")
            for rule in confined.policy.seccomp.rules {
                let conditions = rule.conditions.map {
                    "argument \($0.index) \($0.comparison.rawValue) \($0.value)"
                }
                let suffix = conditions.isEmpty ? "" : " if \(conditions.joined(separator: " and "))"
                Console.show("\(rule.action): \(rule.names.joined(separator: " "))\(suffix)")
            }
        }
    }
}

extension ConfinedPolicy {
    fileprivate var json: JSON {
        ["name": .string(policy.name), "summary": .string(policy.summary), "sha256": .string(digest.hex)]
    }
}
