/// What is wrong with a policy file, where, and how to mend it.
package enum PolicyError: Error, Equatable, Sendable, CustomStringConvertible {
    case syntax(String)
    case field(path: String, problem: String, remedy: String)
    case seccomp(rule: String, problem: String)

    package var description: String {
        switch self {
        case .syntax(let text): "policy is not valid JSON: \(text)"
        case .field(let path, let problem, let remedy): "policy field \(path) \(problem); \(remedy)"
        case .seccomp(let rule, let problem): "seccomp rule \(rule): \(problem)"
        }
    }
}
