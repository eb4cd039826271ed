internal import Linux
internal import Policy

/// What a job needs whatever its program, rootfs and inputs are: a host uid, namespaces, a control group, /dev, /tmp, /out and
/// pipes. Used once.
package final class JobSlot: Sendable {
    let prepared: PreparedNamespaces
    let group: JobGroup
    let devices: DetachedMount
    let scratch: DetachedMount
    /// /out, and our own way into it, which outlives the job's mount namespace.
    let output: DetachedMount
    let outputFolder: OwnedDescriptor
    let pipes: JobPipes
    let policy: Policy
    private let retired: RetiredGroups

    /// - Parameters:
    ///   - policy: whose limits and devices the job will have.
    ///   - user: the job's own.
    ///   - workplace: where groups are made and devices are cloned from.
    ///   - retired: takes the group when the job is dead.
    /// - Throws: `SandboxError`; nothing that was made is left.
    init(
        for policy: Policy, _ user: consuming HostUser, _ workplace: Workplace, _ retired: RetiredGroups
    ) throws(SandboxError) {
        let owner = user.id
        let limits = policy.limits
        let devices = try workplace.devices.clone(adding: policy.devices)
        let scratch = try preparing { () throws(LinuxError) in
            try Self.folder(limits.scratchBytes, limits.scratchEntries, owner)
        }
        let output = try preparing { () throws(LinuxError) in
            try Self.folder(limits.outputBytes, limits.outputEntries, owner)
        }
        let folder = try preparing { () throws(LinuxError) in try output.openRoot() }
        let pipes = try preparing { () throws(LinuxError) in try JobPipes() }
        let group = try JobGroup(in: workplace.groups, GroupLimits(limits))
        prepared = try PreparedNamespaces(for: user)
        self.group = group
        self.devices = devices
        self.scratch = scratch
        self.output = output
        outputFolder = folder
        self.pipes = pipes
        self.policy = policy
        self.retired = retired
    }

    /// A folder in memory with a limit on bytes and inodes. It belongs to the job's own uid: nothing in it is ever root's. No
    /// device and no program runs from it.
    private static func folder(_ bytes: UInt64, _ entries: UInt64, _ owner: UInt32) throws(LinuxError) -> DetachedMount
    {
        try DetachedMount(
            temporary: bytes, entries: entries, owner: owner, attributes: [.noSetuid, .noDevices, .noExecute])
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
