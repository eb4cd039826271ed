/// What a job may use and do, read from one file in `policies/`.
package struct Policy: Equatable, Sendable {
    package let name: String
    /// What the policy is for, in one sentence.
    package let summary: String
    /// SLSA `builder.id`: a weaker confinement is a different builder, never the same one with less.
    package let builder: String
    package var limits: Limits
    /// What every job finds in its environment beside what its rootfs asks for.
    package let environment: [Variable]
    /// Devices of the host beside the five that every job has.
    package private(set) var devices: [Device]
    /// Files and folders of the host that a job can read, below /mnt.
    package let mounts: [Lent]
    /// Nil where the file says null: no second wall behind the mounts.
    package let landlock: LandlockRules?
    package let seccomp: SeccompProfile
    /// The file itself, whose SHA-256 is the policy's identity.
    package let source: [UInt8]
}

extension Policy {
    /// Whether its jobs have GPUs of the host: nodes of their own (`/dev/nvidia0`), beside those of the driver (`/dev/nvidiactl`).
    package var lendsGPUs: Bool { devices.contains { $0.isGPU } }

    /// Puts single GPUs into the place of the patterns that stand for all of them.
    package mutating func lend(gpus nodes: [String]) {
        devices = devices.filter { !$0.isGPU } + nodes.map { Device(path: $0, isRequired: true) }
    }

    /// Whether another differs in nothing but the limits that a control group alone holds, which can be changed later.
    package func isAlike(_ other: Policy) -> Bool {
        var other = other
        other.limits.memoryBytes = limits.memoryBytes
        other.limits.cpuWeight = limits.cpuWeight
        return self == other
    }

    /// As execve(2) takes it.
    package var environmentStrings: [String] { environment.map { "\($0.name)=\($0.value)" } }

    package struct Variable: Equatable, Sendable {
        package let name: String
        package let value: String
    }

    /// Device nodes below /dev, in the job under the name that they have on the host.
    package struct Device: Equatable, Sendable {
        /// An absolute path below /dev whose last component may hold the wildcards of glob(7).
        package let path: String
        /// A job does not run where no device matches.
        package let isRequired: Bool

        /// One GPU, or a pattern of them.
        var isGPU: Bool {
            let name = path.dropFirst("/dev/nvidia".count).first
            return path.hasPrefix("/dev/nvidia") && (name?.isNumber == true || name == "[" || name == "?")
        }
    }

    /// Files or folders of the host, read-only in a folder of the job's under the name that they have on the host.
    package struct Lent: Equatable, Sendable {
        /// An absolute path whose last component may hold the wildcards of glob(7).
        package let source: String
        /// An absolute folder, `/mnt` or below it.
        package let target: String
        /// A job does not run where nothing matches.
        package let isRequired: Bool
    }
}

/// Upper bounds on one job.
package struct Limits: Equatable, Sendable {
    /// Seconds from launch until SIGTERM, and from SIGTERM until the kill.
    package let wallSeconds: Int
    package let graceSeconds: Int
    /// Bytes of memory, with what lies in /out and /tmp and without swap.
    package var memoryBytes: UInt64
    /// Thousandths of a CPU that all of the job may use together.
    package let cpuMillicores: UInt64
    /// Shares of CPU and of disk beside other jobs, 100 being the usual.
    package var cpuWeight: UInt64
    package let ioWeight: UInt64
    /// Processes and threads at a time.
    package let processes: UInt64
    package let openFiles: UInt64
    /// Bytes of one file.
    package let fileBytes: UInt64
    /// Bytes locked in memory (mlock(2)).
    package let lockedBytes: UInt64
    /// Bytes and inodes of /out and of /tmp.
    package let outputBytes: UInt64
    package let outputEntries: UInt64
    package let scratchBytes: UInt64
    package let scratchEntries: UInt64
    /// Bytes of standard output and error that are kept, and of the report that is read.
    package let logBytes: Int
    package let reportBytes: Int
}

extension Limits {
    /// Every limit by the name that a policy file gives it.
    package var lines: [(name: String, value: UInt64)] {
        [
            ("wall_seconds", UInt64(wallSeconds)), ("grace_seconds", UInt64(graceSeconds)),
            ("memory_bytes", memoryBytes), ("cpu_millicores", cpuMillicores), ("cpu_weight", cpuWeight),
            ("io_weight", ioWeight), ("processes", processes),
            ("open_files", openFiles), ("file_bytes", fileBytes), ("locked_bytes", lockedBytes),
            ("output_bytes", outputBytes), ("output_entries", outputEntries), ("scratch_bytes", scratchBytes),
            ("scratch_entries", scratchEntries), ("log_bytes", UInt64(logBytes)), ("report_bytes", UInt64(reportBytes)),
        ]
    }
}
