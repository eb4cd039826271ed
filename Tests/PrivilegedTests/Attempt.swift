import Isolation
import Linux

/// One thing that a job may not do, and what must stop it.
struct Attempt: Sendable, CustomStringConvertible {
    let name: String
    /// The walls in the way, in the order in which a job meets them, each with what it tells. Where the last of them stands
    /// alone, nothing is said of what a kernel would tell behind it.
    let barriers: [Barrier]
    /// False where even root of this kind of machine gets the same answer, so that a control would show nothing.
    let hasControl: Bool

    init(_ name: String, _ barriers: Barrier..., control: Bool = true) {
        self.init(name, barriers, control: control)
    }

    init(_ name: String, _ barriers: [Barrier], control: Bool = true) {
        self.name = name
        self.barriers = barriers
        hasControl = control
    }

    var description: String { name }

    /// What a job is told where the walls `off` are not there; nil where nothing is said of that.
    func answer(without off: Set<Wall>) -> String? {
        barriers.first { !off.contains($0.wall) && Landlock.abi() >= $0.landlockABI }?.answer
    }
}

/// What stops a job.
enum Wall: Hashable, Sendable {
    enum Namespace: Sendable { case user, process, network }

    /// The filter of system calls.
    case seccomp
    case namespace(Namespace)
    /// What only a capability allows.
    case capability
    /// What is not in the job's tree, or is read-only, noexec or nosuid there.
    case mounts
    case landlock
    /// Owner and mode of a file.
    case permission
    /// A limit of resources.
    case limit

    static let all: Set<Wall> = [
        .seccomp, .namespace(.user), .namespace(.process), .namespace(.network), .capability, .mounts, .landlock,
        .permission, .limit,
    ]
}

/// A wall and what it tells.
struct Barrier: Sendable {
    let wall: Wall
    let answer: String
    /// A kernel with an older Landlock does not have this one.
    var landlockABI = 0

    static func seccomp(_ answer: String = "EPERM") -> Barrier { Barrier(wall: .seccomp, answer: answer) }
    static func namespace(_ namespace: Wall.Namespace, _ answer: String) -> Barrier {
        Barrier(wall: .namespace(namespace), answer: answer)
    }
    static func capability(_ answer: String = "EPERM") -> Barrier { Barrier(wall: .capability, answer: answer) }
    static func mounts(_ answer: String) -> Barrier { Barrier(wall: .mounts, answer: answer) }
    static func landlock(_ answer: String = "EACCES", abi: Int = 1) -> Barrier {
        Barrier(wall: .landlock, answer: answer, landlockABI: abi)
    }
    static func permission(_ answer: String = "EACCES") -> Barrier { Barrier(wall: .permission, answer: answer) }
    static func limit(_ answer: String) -> Barrier { Barrier(wall: .limit, answer: answer) }
}
