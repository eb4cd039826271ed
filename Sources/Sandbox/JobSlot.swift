internal import Linux
internal import Policy

/// One job's host uid, namespaces, control group and /out: all that needs its limits and not its program.
package final class JobSlot: Sendable {
    let prepared: PreparedNamespaces
    let group: JobGroup
    /// /out, and our own way into it, which outlives the job's mount namespace.
    let output: DetachedMount
    let outputFolder: OwnedDescriptor
    let limits: Limits
    private let retired: RetiredGroups

    /// - Parameters:
    ///   - user: the job's own.
    ///   - limits: of the group and of /out.
    ///   - groups: where the group is made.
    ///   - retired: takes the group when the job is dead.
    /// - Throws: `SandboxError`; nothing that was made is left.
    init(
        _ user: consuming HostUser, _ limits: Limits, _ groups: ControlGroups, _ retired: RetiredGroups
    ) throws(SandboxError) {
        // Owned by the job's own uid: nothing in it is ever root's.
        let owner = user.id
        let made = try preparing { () throws(LinuxError) in
            try DetachedMount(
                temporary: limits.outputBytes, entries: limits.outputEntries, owner: owner,
                attributes: [.noSetuid, .noDevices, .noExecute])
        }
        let folder = try preparing { () throws(LinuxError) in try made.openRoot() }
        let limited = try JobGroup(in: groups, GroupLimits(limits))
        prepared = try PreparedNamespaces(for: user)
        group = limited
        output = made
        outputFolder = folder
        self.limits = limits
        self.retired = retired
    }

    deinit { retired.take(group) }
}

/// A control group that can be handed on; killed and removed when the last holder goes.
final class JobGroup: Sendable {
    private let group: ControlGroup

    fileprivate init(in groups: ControlGroups, _ limits: GroupLimits) throws(SandboxError) {
        group = try preparing { () throws(LinuxError) in
            let made = try groups.make()
            try made.limit(limits)
            return made
        }
    }

    /// For CLONE_INTO_CGROUP; nil without cgroup v2.
    var folder: Int32? { group.folder }
    var joins: [(controller: String, tasks: Int32)] { group.joins }

    /// Makes sure that nobody is left in it, and tells what all of them used.
    func finish() throws(LinuxError) -> GroupUsage {
        try group.kill()
        return try group.usage()
    }
}

extension GroupLimits {
    fileprivate init(_ limits: Limits) {
        self.init(
            memory: limits.memoryBytes, processes: limits.processes, cpuMillicores: limits.cpuMillicores,
            cpuWeight: limits.cpuWeight, ioWeight: limits.ioWeight)
    }
}
