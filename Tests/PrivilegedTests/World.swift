import Foundation
import Glibc
import JSON
import Policy
import Testing

/// A place in which every attempt is made once.
enum World: CaseIterable, Sendable {
    /// A job as it is.
    case strict
    /// Jobs without some of their walls.
    case withoutFilter, withoutFilterAndLandlock
    case writable, writableWithoutLandlock
    case connected, connectedWithoutLandlock
    /// Root of the host with all capabilities, without a filter, in the job's mounts and behind Landlock.
    case root
    /// Root in a root that can be written, with all capabilities: under the strict filter alone, and under nothing.
    case filterAlone, outside

    /// What is not there.
    var off: Set<Wall> {
        switch self {
        case .strict: []
        case .withoutFilter: [.seccomp]
        case .withoutFilterAndLandlock: [.seccomp, .landlock]
        case .writable: [.mounts]
        case .writableWithoutLandlock: [.mounts, .landlock]
        case .connected: [.seccomp, .namespace(.network)]
        case .connectedWithoutLandlock: [.seccomp, .landlock, .namespace(.network)]
        case .root: [.seccomp, .permission, .capability, .limit, .namespace(.user)]
        case .filterAlone: Wall.all.subtracting([.seccomp])
        case .outside: Wall.all
        }
    }

    var answers: [String: String] {
        get throws {
            switch self {
            case .strict: try Self.strictly.get()
            case .withoutFilter: try Self.unfiltered.get()
            case .withoutFilterAndLandlock: try Self.open.get()
            case .writable: try Self.written.get()
            case .writableWithoutLandlock: try Self.writtenOpen.get()
            case .connected: try Self.networked.get()
            case .connectedWithoutLandlock: try Self.networkedOpen.get()
            case .root: try Self.privileged.get()
            case .filterAlone: try Self.filtered.get()
            case .outside: try Self.free.get()
            }
        }
    }

    private static let filter = "filter system calls"
    private static let landlock = "restrict files"
    private static let strictly = Result { try inside() }
    private static let unfiltered = Result { try inside(without: filter) }
    private static let open = Result { try inside(without: filter, landlock) }
    private static let written = Result { try inside(writable: true) }
    private static let writtenOpen = Result { try inside(writable: true, without: landlock) }
    private static let networked = Result { try inside(without: filter, "enter network") }
    private static let networkedOpen = Result { try inside(without: filter, landlock, "enter network") }
    private static let privileged = Result {
        try inside(
            without: filter, "enter user namespace", "drop bounding set", "become job user", "drop capabilities",
            "limit resources")
    }
    private static let filtered = Result { try outside(filtered: true) }
    private static let free = Result { try outside(filtered: false) }
}

extension World {
    private static let names = Attempt.all.map(\.name) + Array(Attempt.permitted.keys)
    private static let listeners = Listeners()

    private static func inside(writable: Bool = false, without stages: String...) throws -> [String: String] {
        let options =
            environment.map { "env.\($0)" } + [
                "in.input=\(try Stage.input())", "written.written=x", "leak=/",
                "without=\(stages.joined(separator: ","))",
            ] + (writable ? ["writable=1"] : [])
        let document = try Probe.scenario("run", options, program: ["/bin/hostile", "try", "/out"] + names)
        return answers(try #require(document["output"]?.stringValue, "\(document)"))
    }

    /// In namespaces of its own where the host could be changed or signalled, and in the host's network, which is attacked.
    /// A folder of the host stays open at 9, as at 9 of the probe.
    private static func outside(filtered: Bool) throws -> [String: String] {
        let root = try filtered ? Stage.filtered.get() : Stage.control.get()
        if filtered { try Data(Policies.strictFilter()).write(to: URL(filePath: "\(root)/filter")) }
        let control = try Probe.call(
            "/bin/sh",
            ["-c", "exec \"$@\" 9</", "sh", "/usr/bin/unshare", "--mount", "--pid", "--fork", "--uts", "--ipc"]
                + ["--mount-proc=\(root)/proc", "/usr/bin/env"] + environment + ["HOST_PID=1", "HOST_FILE=/host-file"]
                + ["\(root)/bin/hostile", "outside", root, filtered ? "/filter" : "-"]
                + ["/bin/hostile", "try", "/out"] + names)
        return answers(String(decoding: control.output, as: UTF8.self))
    }

    private static var environment: [String] {
        [
            "HOST_PID=\(getpid())", "HOST_FILE=/etc/passwd", "HOST_PORT=\(listeners.port)",
            "HOST_NAME=\(listeners.name)",
        ]
    }

    private static func answers(_ text: String) -> [String: String] {
        var answers: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            if parts.count == 2 { answers[String(parts[0])] = String(parts[1]) }
        }
        return answers
    }
}
