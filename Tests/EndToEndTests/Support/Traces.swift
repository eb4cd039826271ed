import Foundation
import Isolation
import Linux

/// What a daemon that is dead has left on the host.
///
/// The daemon must have been started in a session of its own, `setsid`: what it starts is in that session, or, from its first
/// step on, in a control group of the daemon's.
struct Traces {
    private let home: String
    private let cache: String
    /// Loop devices of others on images of the same cache.
    private let others: [String]
    /// Control groups of dead supervisors, which the next start removes.
    private var groups: [String] = []

    /// Looks before its first start.
    init(of daemon: Daemon) {
        home = daemon.home.path
        cache = daemon.cache
        others = Host.loopImages(below: daemon.cache).sorted()
    }

    /// What there is two seconds after the death of the daemon that had this pid.
    mutating func afterDeath(of pid: pid_t) async throws -> Set<Finding> {
        groups = try ControlGroups.abandoned(GroupSurvey())
        var found: Set<Finding> = []
        _ = try await eventually(within: .seconds(2)) {
            found = findings(of: pid)
            return found.isEmpty
        }
        return found
    }

    /// The groups of the dead that the next start has not removed.
    func afterStart() async throws -> Set<Finding> {
        var left: [String] = []
        _ = try await eventually(within: .seconds(2)) {
            left = groups.filter { FileManager.default.fileExists(atPath: $0) }
            return left.isEmpty
        }
        return Set(left.map(Finding.group))
    }

    private func findings(of pid: pid_t) -> Set<Finding> {
        let members = Set(groups.flatMap(Self.members))
        let processes = Host.processes(inSession: pid) + Host.living(members)
        let mounts = Host.mountPoints(seenBy: getpid()).filter { $0.hasPrefix(home + "/") }
        var loops = Host.loopImages(below: cache)
        for other in others { if let place = loops.firstIndex(of: other) { loops.remove(at: place) } }
        return Set(
            processes.map { .process("\($0.name) \($0.pid)") } + mounts.map(Finding.mount) + loops.map(Finding.loop))
    }

    /// The pids in a group and below it.
    private static func members(of group: String) -> [pid_t] {
        ([group] + files(below: group).map { "\(group)/\($0)" }).filter { $0.hasSuffix("/cgroup.procs") }.flatMap {
            ((try? String(contentsOfFile: $0, encoding: .utf8)) ?? "").split(separator: "\n").compactMap { pid_t($0) }
        }
    }
}
