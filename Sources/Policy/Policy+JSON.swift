internal import JSON

extension Policy {
    /// Reads a policy file.
    ///
    /// - Parameters:
    ///   - source: the file's bytes: one JSON object as policies/README.md describes it. Unknown and missing fields are refused.
    ///   - platform: the machine that jobs will run on; its seccomp rules may differ from another's.
    /// - Throws: `PolicyError` with the field's path and the remedy.
    package init(parsing source: [UInt8], on platform: PlatformFacts = .native) throws(PolicyError) {
        let fields = try PolicyFields(parsing: source)
        try fields.allow([
            "name", "summary", "builder", "limits", "environment", "devices", "mounts", "landlock", "seccomp",
        ])
        self.init(
            name: try fields.string("name"), summary: try fields.string("summary"),
            builder: try fields.string("builder"), limits: try Limits(try fields.object("limits")),
            environment: try fields.all("environment", Variable.init), devices: try fields.all("devices", Device.init),
            mounts: try fields.all("mounts", Lent.init),
            landlock: fields.isNull("landlock") ? nil : try LandlockRules(try fields.object("landlock")),
            seccomp: try SeccompProfile(try fields.object("seccomp"), on: platform), source: source)
    }
}

extension PolicyFields {
    /// The whole file.
    init(parsing source: [UInt8]) throws(PolicyError) {
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(source, limits: .policy)
        } catch {
            throw .syntax("\(error)")
        }
        try self.init(value, path: "")
    }
}

extension JSON.Limits {
    static let policy = JSON.Limits(bytes: 1 << 20, depth: 12, values: 50_000)
}

extension Limits {
    fileprivate init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow([
            "wall_seconds", "grace_seconds", "memory_bytes", "cpu_millicores", "cpu_weight", "io_weight", "processes",
            "open_files", "file_bytes", "locked_bytes", "output_bytes",
            "output_entries", "scratch_bytes", "scratch_entries", "log_bytes", "report_bytes",
        ])
        self.init(
            wallSeconds: Int(try fields.number("wall_seconds", in: 1...31_536_000)),
            graceSeconds: Int(try fields.number("grace_seconds", in: 0...3600)),
            memoryBytes: try fields.number("memory_bytes", in: (16 << 20)...(1 << 50)),
            cpuMillicores: try fields.number("cpu_millicores", in: 10...1_024_000),
            cpuWeight: try fields.number("cpu_weight", in: 1...10_000),
            ioWeight: try fields.number("io_weight", in: 1...10_000),
            processes: try fields.number("processes", in: 1...4_194_304),
            openFiles: try fields.number("open_files", in: 16...1_048_576),
            fileBytes: try fields.number("file_bytes", in: 4096...(1 << 50)),
            lockedBytes: try fields.number("locked_bytes", in: 0...(1 << 40)),
            outputBytes: try fields.number("output_bytes", in: 4096...(1 << 50)),
            outputEntries: try fields.number("output_entries", in: 8...(1 << 32)),
            scratchBytes: try fields.number("scratch_bytes", in: 4096...(1 << 50)),
            scratchEntries: try fields.number("scratch_entries", in: 8...(1 << 32)),
            logBytes: Int(try fields.number("log_bytes", in: 1024...(1 << 30))),
            reportBytes: Int(try fields.number("report_bytes", in: 1024...(16 << 20))))
    }
}
