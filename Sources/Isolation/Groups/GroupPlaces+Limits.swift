internal import Glibc
internal import Linux
internal import SystemPackage

extension GroupPlaces {
    /// See `ControlGroup.limit`.
    func limit(_ limits: GroupLimits) throws(LinuxError) {
        try limitMemory(limits.memory, in: required(.memory))
        try required(.pids).set(String(limits.processes), in: "pids.max")
        let cpu = try required(.cpu)
        try limitCPU(CPUQuota(millicores: limits.cpuMillicores), in: cpu)
        try weighCPU(limits.cpuWeight, in: cpu)
        if let weight = limits.ioWeight, let place = folders[.io] { try IOWeight.set(weight, in: place) }
    }

    private func required(_ controller: GroupController) throws(LinuxError) -> GroupFolder {
        if let place = folders[controller] { return place }
        throw LinuxError(stage: "limit \(controller): \(controller.remedy)", errno: .notSupported)
    }

    /// Without swap: a job that swaps is slow for everybody, and its pages would lie on the host's disk.
    private func limitMemory(_ bytes: UInt64, in folder: GroupFolder) throws(LinuxError) {
        let page = UInt64(getpagesize())
        let kept = String(bytes / page * page)
        switch folder.hierarchy.version {
        case .v2:
            try folder.set(String(bytes), in: "memory.max", readsAs: kept)
            // Absent where the kernel does not count swap; then it is either not built in or not limited by anybody.
            if try folder.writeIfThere("0", to: "memory.swap.max") { try folder.verify("memory.swap.max", reads: "0") }
            // Out of memory ends the whole job: half of one would go on with a worker missing.
            if try folder.writeIfThere("1", to: "memory.oom.group") {
                try folder.verify("memory.oom.group", reads: "1")
            }
        case .v1:
            try folder.set(String(bytes), in: "memory.limit_in_bytes", readsAs: kept)
            // Memory and swap together; after the other, which may not be above it.
            if try folder.writeIfThere(String(bytes), to: "memory.memsw.limit_in_bytes") {
                try folder.verify("memory.memsw.limit_in_bytes", reads: kept)
            }
            if try folder.writeIfThere("0", to: "memory.swappiness") {
                try folder.verify("memory.swappiness", reads: "0")
            }
        }
    }

    private func limitCPU(_ quota: CPUQuota, in folder: GroupFolder) throws(LinuxError) {
        switch folder.hierarchy.version {
        case .v2:
            let text = "\(quota.microseconds.map(String.init) ?? "max") \(CPUQuota.period)"
            try folder.set(text, in: "cpu.max")
        case .v1:
            try folder.set(String(CPUQuota.period), in: "cpu.cfs_period_us")
            try folder.set(quota.microseconds.map(String.init) ?? "-1", in: "cpu.cfs_quota_us")
        }
    }

    /// v1's 1024 shares are v2's weight 100.
    private func weighCPU(_ weight: UInt64, in folder: GroupFolder) throws(LinuxError) {
        switch folder.hierarchy.version {
        case .v2: try folder.set(String(weight), in: "cpu.weight")
        case .v1: try folder.set(String(min(max(weight * 1024 / 100, 2), 262_144)), in: "cpu.shares")
        }
    }
}

/// CPU time in each period: admin-guide/cgroup-v2 and scheduler/sched-bwc of the kernel.
private struct CPUQuota {
    /// Microseconds; the kernel's default.
    static let period: UInt64 = 100_000
    /// nil: none.
    let microseconds: UInt64?

    init(millicores: UInt64?) {
        let online = UInt64(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1))
        guard let millicores, millicores <= online * 1000 else {
            microseconds = nil
            return
        }
        microseconds = millicores * Self.period / 1000
    }
}
