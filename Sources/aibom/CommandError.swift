import JSON
import Jobs

/// Why a command did not do what it was asked. Each says what, where and what to do.
enum CommandError: Error, Equatable {
    /// The service answered with a problem.
    case refused(Problem)
    /// Nobody answers at the place.
    case unreachable(String, ConnectionTrouble)
    /// The service answered what this version does not understand.
    case unintelligible(String)
    /// Something on this machine stands in the way.
    case local(String, remedy: String)
    case jobFailed(JobID, state: JobState, Problem?)
    /// Bytes are not what their digest says.
    case damaged(String, remedy: String)

    var exitStatus: ExitStatus {
        switch self {
        case .refused, .unreachable, .unintelligible, .local: .failed
        case .jobFailed: .jobFailed
        case .damaged: .verificationFailed
        }
    }

    var message: String {
        switch self {
        case .refused(let problem):
            [problem.title, problem.detail].filter { !$0.isEmpty }.joined(separator: ": ")
        case .unreachable(let place, let trouble): "no service answers at \(place): \(trouble.detail)"
        case .unintelligible(let what): "the service's answer to \(what) can't be understood"
        case .local(let what, _): what
        case .jobFailed(let id, let state, let problem):
            "job \(id) \(state == .cancelled ? "was cancelled" : "failed")" + (problem.map { ": \($0.detail)" } ?? "")
        case .damaged(let what, _): what
        }
    }

    /// What a problem names besides its sentence.
    var facts: [(name: String, value: String)] {
        guard case .refused(let problem) = self else { return [] }
        let field = problem.field.flatMap { $0.isEmpty ? nil : ("field", $0) }
        return [field, problem.limit.map { ("limit", $0.stringValue ?? "\($0)") }].compactMap { $0 }
    }

    var remedy: String? {
        switch self {
        case .refused(let problem): problem.remedy.isEmpty ? nil : problem.remedy
        case .unreachable(_, let trouble): trouble.remedy
        case .unintelligible: "check that aibom and the service are of the same version"
        case .local(_, let remedy), .damaged(_, let remedy): remedy
        case .jobFailed(let id, _, let problem):
            problem.flatMap { $0.remedy.isEmpty ? nil : $0.remedy } ?? "read what it printed: aibom logs \(id)"
        }
    }
}
