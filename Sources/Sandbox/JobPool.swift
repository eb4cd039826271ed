internal import Linux
package import Policy
internal import Synchronization
internal import SystemPackage

/// What is made ahead of jobs, so that neither its making nor its teardown lies on the launch path: host uid, namespaces and
/// control group.
///
/// Each is used once. An empty pool makes one on the spot: slower, never less confined.
package final class JobPool: Sendable {
    private struct State {
        var ready: [JobSlot] = []
        var next: UInt32
    }

    private let users: String
    private let groups: ControlGroups
    private let retired = RetiredGroups()
    private let state: Mutex<State>

    package init(workplace: Workplace) {
        users = workplace.users
        groups = workplace.groups
        // Begin at a place that differs from process to process; uids are reused as late as the range allows.
        state = Mutex(State(next: UInt32.random(in: 0..<UInt32(HostUser.range.count))))
    }

    /// A slot that no job had before, limited as the policy says.
    func take(for policy: Policy) throws(SandboxError) -> JobSlot {
        let limits = try GroupLimits(policy)
        guard let slot = state.withLock({ $0.ready.popLast() }) else { return try make(limits) }
        if slot.limits != limits { try slot.group.limit(limits) }
        return slot
    }

    /// Makes slots until `count` are ready, and removes what is left of jobs that ended; call it when no job waits.
    package func fill(to count: Int, for policy: Policy) throws(SandboxError) {
        retired.clear()
        let limits = try GroupLimits(policy)
        while state.withLock({ $0.ready.count }) < count {
            let slot = try make(limits)
            state.withLock { $0.ready.append(slot) }
        }
    }

    private func make(_ limits: GroupLimits) throws(SandboxError) -> JobSlot {
        let start = state.withLock { state in
            defer { state.next &+= 1 }
            return state.next
        }
        let namespaces = try PreparedNamespaces(for: try HostUser.reserve(in: users, from: start))
        let group = try JobGroup(in: groups, limits)
        return JobSlot(namespaces, group, limits, retired)
    }
}

/// One job's host uid, namespaces and control group.
package final class JobSlot: Sendable {
    let prepared: PreparedNamespaces
    let group: JobGroup
    /// What the group was limited to when it was made.
    fileprivate let limits: GroupLimits
    private let retired: RetiredGroups

    fileprivate init(
        _ prepared: consuming PreparedNamespaces, _ group: JobGroup, _ limits: GroupLimits, _ retired: RetiredGroups
    ) {
        self.prepared = prepared
        self.group = group
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

    fileprivate func limit(_ limits: GroupLimits) throws(SandboxError) {
        try preparing { () throws(LinuxError) in try group.limit(limits) }
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

/// Groups of jobs that have ended: their removal waits for a moment in which no job does.
private final class RetiredGroups: Sendable {
    private static let most = 64
    private let groups = Mutex<[JobGroup]>([])

    func take(_ group: JobGroup) {
        // Beyond the bound the holder lets go of it, which removes it at once.
        groups.withLock { if $0.count < Self.most { $0.append(group) } }
    }

    func clear() {
        let all = groups.withLock { groups in
            defer { groups = [] }
            return groups
        }
        _ = consume all
    }
}

extension GroupLimits {
    /// What a policy's limits come to on this host.
    fileprivate init(_ policy: Policy) throws(SandboxError) {
        let limits = policy.limits
        self.init(
            memory: limits.memoryBytes, processes: limits.processes, cpuMillicores: limits.cpuMillicores,
            cpuWeight: limits.cpuWeight, ioWeight: limits.ioWeight,
            devices: try DeviceFolder.numbers(adding: policy.devices).map {
                GroupDevice(.character, major: $0.major, minor: $0.minor, access: [.read, .write])
            })
    }
}
