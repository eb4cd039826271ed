internal import Isolation
internal import Linux
internal import Policy

/// What a job needs whatever its program, rootfs and inputs are: a host uid, namespaces, a control group, /dev, /tmp, /out and
/// pipes. Used once.
package final class JobSlot: Sendable {
    let prepared: PreparedNamespaces
    let group: JobGroup
    let devices: DetachedMount
    /// For /proc/cpuinfo.
    let processors: DetachedMount
    /// /tmp and /out; they belong to the job's own uid: nothing in them is ever root's.
    let scratch: TemporaryFolder
    let output: TemporaryFolder
    /// For /in, empty still.
    let inputs: TemporaryFolder
    let pipes: JobPipes
    let policy: Policy
    private let retired: Retired

    /// - Parameters:
    ///   - policy: whose limits and devices the job will have.
    ///   - user: the job's own.
    ///   - workplace: where groups are made and devices are cloned from.
    ///   - retired: takes the group when the job is dead.
    /// - Throws: `SandboxError`; nothing that was made is left.
    init(
        for policy: Policy, _ user: consuming HostUser, _ workplace: Workplace, _ retired: Retired
    ) throws(SandboxError) {
        let owner = user.id
        let limits = policy.limits
        let devices = try workplace.devices.clone(adding: policy.devices)
        processors = try preparing { () throws(LinuxError) in try workplace.processors.clone() }
        scratch = try preparing { () throws(LinuxError) in
            try TemporaryFolder(bytes: limits.scratchBytes, entries: limits.scratchEntries, owner: owner)
        }
        output = try preparing { () throws(LinuxError) in
            try TemporaryFolder(bytes: limits.outputBytes, entries: limits.outputEntries, owner: owner)
        }
        inputs = try preparing { () throws(LinuxError) in
            try TemporaryFolder(bytes: Self.writtenBytes, entries: 1024, owner: 0)
        }
        let pipes = try preparing { () throws(LinuxError) in try JobPipes() }
        let group = try JobGroup(in: workplace.groups, GroupLimits(limits))
        prepared = try PreparedNamespaces(for: user)
        self.group = group
        self.devices = devices
        self.pipes = pipes
        self.policy = policy
        self.retired = retired
    }

    /// Room for the small files that we write into /in: a job's order and its parameters.
    private static let writtenBytes: UInt64 = 16 << 20

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

    /// Sets other limits, before anybody is in it.
    func limit(_ limits: Limits) throws(SandboxError) {
        try preparing { () throws(LinuxError) in try group.limit(GroupLimits(limits)) }
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
