internal import JSON

/// What a service of ours leaves itself, read from a file in `policies/`: the parts of a policy that a process can hold itself to.
///
/// The fields are written as a job's policy writes them (`Policy`). What only a supervisor can hold somebody to, such as memory of a
/// control group, has no field here: a limit that nobody enforces would be a lie.
package struct ServicePolicy: Equatable, Sendable {
    package struct Limits: Equatable, Sendable {
        /// Threads, for a service cannot make processes.
        package let processes: UInt64
        package let openFiles: UInt64
        package let lockedBytes: UInt64
    }

    package let name: String
    package let summary: String
    package let limits: Limits
    package let landlock: LandlockRules
    package let seccomp: SeccompProfile
    /// The file itself.
    package let source: [UInt8]
}

extension ServicePolicy {
    /// Reads a policy file; unknown and missing fields are refused.
    ///
    /// - Parameters:
    ///   - source: the file's bytes.
    ///   - platform: the machine that the service will run on.
    /// - Throws: `PolicyError` with the field's path and the remedy.
    package init(parsing source: [UInt8], on platform: PlatformFacts = .native) throws(PolicyError) {
        let fields = try PolicyFields(parsing: source)
        try fields.allow(["name", "summary", "limits", "landlock", "seccomp"])
        self.init(
            name: try fields.string("name"), summary: try fields.string("summary"),
            limits: try Limits(try fields.object("limits")),
            landlock: try LandlockRules(try fields.object("landlock")),
            seccomp: try SeccompProfile(try fields.object("seccomp"), on: platform), source: source)
    }
}

extension ServicePolicy.Limits {
    fileprivate init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow(["processes", "open_files", "locked_bytes"])
        self.init(
            processes: try fields.number("processes", in: 1...4_194_304),
            openFiles: try fields.number("open_files", in: 16...1_048_576),
            lockedBytes: try fields.number("locked_bytes", in: 0...(1 << 40)))
    }
}
