internal import Linux

/// The system calls that turn a fresh child into a confined job, in order, as a value.
///
/// Swift composes a tape before the clone and C replays it after (the child of a threaded process may run nothing else). As a
/// value it can be printed, tested without privilege, and named by digest in the evidence.
package struct Tape: Equatable, Sendable {
    /// One argument of a call.
    package enum Argument: Equatable, Sendable {
        case value(UInt64)
        /// A number shown by name, such as a set of flags.
        case flags(String, UInt64)
        /// A number that differs from job to job: its name alone stands in the canonical form.
        case job(String, UInt64)
        /// The address of these bytes and a NUL.
        case text([UInt8])
        /// The address of bytes that differ from job to job: `name` alone stands in the canonical form.
        case jobText(name: String, bytes: [UInt8])
        /// The address of a structure in the kernel's layout, shown by `name`.
        case structure(String, [UInt8])
        /// The address of a NULL-terminated array of strings.
        case strings([[UInt8]])
        /// The address of a struct sock_fprog over this filter, shown by its digest.
        case filter(name: String, program: [UInt8])
        /// The address of a struct msghdr that carries a copy of this descriptor (SCM_RIGHTS of unix(7)) and one byte.
        case passing(descriptor: Int32)
        /// What an earlier step answered.
        case result(of: Int)

        static func text(_ string: String) -> Argument { .text(Array(string.utf8)) }
        static func jobText(_ name: String, _ string: String) -> Argument {
            .jobText(name: name, bytes: Array(string.utf8))
        }
        static let null = Argument.value(0)
    }

    package struct Step: Equatable, Sendable {
        package let stage: String
        package let call: SystemCall
        package let arguments: [Argument]
        /// A failure is ignored: only for what a kernel may lack and a job is no freer without.
        package let isOptional: Bool
    }

    package private(set) var steps: [Step] = []
    private var stage = ""

    package init() { steps.reserveCapacity(256) }

    /// Names the stage of the steps that follow.
    mutating func begin(_ stage: String) { self.stage = stage }

    /// Adds a step of the present stage.
    ///
    /// - Returns: the step's index, for `Argument.result`.
    @discardableResult
    mutating func append(_ call: SystemCall, _ arguments: Argument..., optional: Bool = false) -> Int {
        append(Step(stage: stage, call: call, arguments: arguments, isOptional: optional))
        return steps.count - 1
    }

    /// Adds the stages of another tape, which is the same for every job and so is composed once.
    mutating func append(_ tape: Tape) {
        steps += tape.steps
        stage = tape.stage
    }

    /// Adds a step of a stage of its own.
    mutating func append(_ step: Step) {
        precondition(step.arguments.count <= 6, "\(step.call.name): a system call takes at most six arguments")
        steps.append(step)
    }

    /// One line a step: `stage: call(arguments)`. Equal for every job of the same policy and program, so its digest names the
    /// confinement; what differs from job to job (uids, descriptors, paths) stands as `<name>`.
    package var canonicalLines: [String] {
        steps.map { step in
            let arguments = step.arguments.map(\.canonical).joined(separator: ", ")
            return "\(step.stage): \(step.call.name)(\(arguments))\(step.isOptional ? " optional" : "")"
        }
    }

    /// The bytes whose SHA-256 goes into the evidence: the lines, each ending in a newline.
    package var canonicalBytes: [UInt8] { Array(canonicalLines.map { $0 + "\n" }.joined().utf8) }
}

extension Tape.Argument {
    fileprivate var canonical: String {
        switch self {
        case .value(let value): String(value)
        case .flags(let name, _): name
        case .job(let name, _): "<\(name)>"
        case .text(let bytes): Tape.quoted(bytes)
        case .jobText(let name, _): "\"\(name)\""
        case .structure(let name, _): name
        case .strings(let list): "[\(list.map(Tape.quoted).joined(separator: ", "))]"
        case .filter(let name, _): name
        case .passing(let descriptor): "{SCM_RIGHTS \(descriptor)}"
        case .result(let step): "result of step \(step)"
        }
    }
}

extension Tape {
    /// In quotes, with every quote inside escaped too: no argument can look like two.
    fileprivate static func quoted(_ bytes: [UInt8]) -> String {
        "\"\(Display.name(bytes).replacing("\"", with: "\\\""))\""
    }
}
