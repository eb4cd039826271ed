/// What a job may use and do, read from one file in `policies/`.
package struct Policy: Equatable, Sendable {
    package let name: String
    /// What the policy is for, in one sentence.
    package let summary: String
    /// SLSA `builder.id`: a weaker confinement is a different builder, never the same one with less.
    package let builder: String
    package let limits: Limits
    package let seccomp: SeccompProfile
    /// The file itself, whose SHA-256 is the policy's identity.
    package let source: [UInt8]
}

/// Upper bounds on one job.
package struct Limits: Equatable, Sendable {
    /// Seconds from launch until SIGTERM, and from SIGTERM until the kill.
    package let wallSeconds: Int
    package let graceSeconds: Int
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
            ("wall_seconds", UInt64(wallSeconds)), ("grace_seconds", UInt64(graceSeconds)), ("processes", processes),
            ("open_files", openFiles), ("file_bytes", fileBytes), ("locked_bytes", lockedBytes),
            ("output_bytes", outputBytes), ("output_entries", outputEntries), ("scratch_bytes", scratchBytes),
            ("scratch_entries", scratchEntries), ("log_bytes", UInt64(logBytes)), ("report_bytes", UInt64(reportBytes)),
        ]
    }
}
