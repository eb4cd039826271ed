internal import Linux

/// What a group used, as the kernel counted it from outside; nil is unknown, never nothing.
package struct GroupUsage: Equatable, Sendable {
    /// Largest memory charged at any time, in bytes: page cache, tmpfs and kernel memory included.
    package var peakMemory: Int64?
    /// CPU time in user mode and in the kernel, in microseconds, of all that ever ran in it.
    package var userMicroseconds: Int64?
    package var systemMicroseconds: Int64?
    /// In how many periods, and for how long, it had used up its CPU quota.
    package var throttledPeriods: Int64?
    package var throttledMicroseconds: Int64?
    /// Processes that were killed because the group's memory was at its limit.
    package var oomKills: Int64?
    /// Forks that were refused because the group had as many processes as it may.
    package var refusedForks: Int64?

    /// What is not given is unknown.
    package init(
        peakMemory: Int64? = nil, userMicroseconds: Int64? = nil, systemMicroseconds: Int64? = nil,
        throttledPeriods: Int64? = nil, throttledMicroseconds: Int64? = nil, oomKills: Int64? = nil,
        refusedForks: Int64? = nil
    ) {
        self.peakMemory = peakMemory
        self.userMicroseconds = userMicroseconds
        self.systemMicroseconds = systemMicroseconds
        self.throttledPeriods = throttledPeriods
        self.throttledMicroseconds = throttledMicroseconds
        self.oomKills = oomKills
        self.refusedForks = refusedForks
    }
}

extension GroupPlaces {
    /// See `ControlGroup.usage`.
    func usage() throws(LinuxError) -> GroupUsage {
        var usage = GroupUsage()
        if let place = folders[.memory] { try countMemory(in: place, &usage) }
        if let place = folders[.cpuacct] { try countTime(in: place, &usage) }
        if let place = folders[.cpu] { try countThrottling(in: place, &usage) }
        if let place = folders[.pids] { usage.refusedForks = try place.table("pids.events")["max"] }
        return usage
    }

    /// `memory.peak` is of Linux 5.19. `memory.failcnt` of v1 says nothing: it counts reclaims, or stays 0.
    private func countMemory(in folder: GroupFolder, _ usage: inout GroupUsage) throws(LinuxError) {
        switch folder.hierarchy.version {
        case .v2:
            usage.peakMemory = try folder.number("memory.peak")
            usage.oomKills = try folder.table("memory.events")["oom_kill"]
        case .v1:
            usage.peakMemory = try folder.number("memory.max_usage_in_bytes")
            usage.oomKills = try folder.table("memory.oom_control")["oom_kill"]
        }
    }

    /// v2 counts it in every group, v1 in nanoseconds by `cpuacct`.
    private func countTime(in folder: GroupFolder, _ usage: inout GroupUsage) throws(LinuxError) {
        switch folder.hierarchy.version {
        case .v2:
            let table = try folder.table("cpu.stat")
            usage.userMicroseconds = table["user_usec"]
            usage.systemMicroseconds = table["system_usec"]
        case .v1:
            usage.userMicroseconds = try folder.number("cpuacct.usage_user").map { $0 / 1000 }
            usage.systemMicroseconds = try folder.number("cpuacct.usage_sys").map { $0 / 1000 }
        }
    }

    private func countThrottling(in folder: GroupFolder, _ usage: inout GroupUsage) throws(LinuxError) {
        let table = try folder.table("cpu.stat")
        usage.throttledPeriods = table["nr_throttled"]
        usage.throttledMicroseconds =
            switch folder.hierarchy.version {
            case .v2: table["throttled_usec"]
            case .v1: table["throttled_time"].map { $0 / 1000 }
            }
    }
}
