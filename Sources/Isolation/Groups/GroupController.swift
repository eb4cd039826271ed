internal import Linux

/// What the kernel can limit or count for a group of processes: cgroups(7).
package enum GroupController: String, CaseIterable, Sendable {
    case memory, pids, cpu, cpuacct, io

    /// Without these a job could take the host's memory, its process table or its CPUs: no group is limited without them.
    package var isRequired: Bool {
        switch self {
        case .memory, .pids, .cpu: true
        case .cpuacct, .io: false
        }
    }

    /// Its name in /proc/self/cgroup and in the options of a mount.
    var nameInV1: String { self == .io ? "blkio" : rawValue }

    /// Its name in `cgroup.controllers`; nil for what v2 has as no controller.
    ///
    /// CPU time is counted in every v2 group (`cpu.stat`, admin-guide/cgroup-v2).
    var nameInV2: String? {
        switch self {
        case .memory, .pids, .cpu, .io: rawValue
        case .cpuacct: nil
        }
    }

    /// Why one is missing, and what an operator can do about it.
    var remedy: String {
        let v1 = "mount the cgroup v1 controller \(nameInV1)"
        guard nameInV2 != nil else { return "only cgroup v1 has it: \(v1)" }
        return "this process's own group can't hand it on: run as a systemd service with Delegate=yes, or \(v1)"
    }
}

/// Where one controller was found.
package struct GroupFinding: Equatable, Sendable, CustomStringConvertible {
    package let controller: GroupController
    /// nil: missing.
    package let version: GroupHierarchy.Version?
    /// The folder of this process's own group, below which groups are made; nil when missing.
    package let path: String?
    /// What is lost and why, when something is.
    package internal(set) var reason: String?

    package var description: String {
        let remark = reason.map { " (\($0))" } ?? ""
        guard let version, let path else { return "\(controller): missing\(remark)" }
        return "\(controller): cgroup \(version) at \(path)\(remark)"
    }
}
