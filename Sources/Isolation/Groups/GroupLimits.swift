internal import Linux

/// What a job's group may use at most, and what its share is when others want the same.
package struct GroupLimits: Equatable, Sendable {
    /// Bytes of memory, page cache, tmpfs and kernel memory included; swap is off. The kernel rounds down to pages.
    package var memory: UInt64
    /// Processes and threads at the same time.
    package var processes: UInt64
    /// Thousandths of a CPU, at least 10; nil, and more than the host has, is no quota.
    package var cpuMillicores: UInt64?
    /// Share of contended CPU time, 1...10000; 100 is what a process outside of all groups gets.
    package var cpuWeight: UInt64
    /// Share of contended I/O, 1...10000; nil leaves it as it is.
    package var ioWeight: UInt64?

    package init(
        memory: UInt64, processes: UInt64, cpuMillicores: UInt64? = nil, cpuWeight: UInt64 = 100,
        ioWeight: UInt64? = nil
    ) {
        precondition((1...10_000).contains(cpuWeight), "a weight is 1 to 10000")
        precondition((1...10_000).contains(ioWeight ?? 1), "a weight is 1 to 10000")
        self.memory = memory
        self.processes = processes
        self.cpuMillicores = cpuMillicores
        self.cpuWeight = cpuWeight
        self.ioWeight = ioWeight
    }
}
