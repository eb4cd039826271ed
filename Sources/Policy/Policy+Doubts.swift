extension Policy {
    /// What is doubtful outside of the seccomp rules.
    var doubts: [Doubt] { limits.doubts + landlockDoubts + lentDoubts }

    private var landlockDoubts: [Doubt] {
        guard let landlock else {
            return [
                Doubt(
                    .warning, "/landlock", "is null, so nothing stands behind the mounts",
                    "write rules, at least {\"path\": \"/\", \"allow\": [\"read\", \"execute\"]}")
            ]
        }
        let changing: [LandlockRules.Right] = [.write, .make, .link, .socket]
        return landlock.rules.enumerated().compactMap { position, rule in
            guard rule.path == "/", rule.rights.contains(where: changing.contains) else { return nil }
            return Doubt(
                .warning, "/landlock/rules/\(position)", "lets a job change files below /",
                "allow read and execute there, and the rest below /out and /tmp")
        }
    }

    private var lentDoubts: [Doubt] {
        mounts.enumerated().compactMap { position, lent in
            guard let (folder, what) = Self.sensitive.first(where: { lent.source.isBelow($0.folder) }) else {
                return nil
            }
            return Doubt(
                .error, "/mounts/\(position)/source", "lends \(lent.source): \(folder) holds \(what)",
                "lend the few files that a job needs, from a folder made for it")
        }
            + mounts.enumerated().compactMap { position, lent in
                guard lent.source.hasSuffix(".sock") else { return nil }
                return Doubt(
                    .error, "/mounts/\(position)/source",
                    "lends the socket \(lent.source): whoever listens there obeys jobs",
                    "remove it")
            }
    }

    /// Folders of the host that a job has no business in.
    private static let sensitive = [
        ("/etc", "the host's passwords and keys"), ("/root", "an administrator's files"), ("/home", "people's files"),
        ("/var", "other jobs' and services' state"), ("/run", "services' sockets"), ("/proc", "other processes"),
        ("/sys", "the kernel's settings"), ("/boot", "the kernel"), ("/dev", "devices; name them in devices"),
    ].map { (folder: $0.0, what: $0.1) }
}

extension Limits {
    /// Limits that can't be reached, because another one is lower.
    fileprivate var doubts: [Doubt] {
        func higher(_ name: String, _ value: UInt64, than other: String, _ limit: UInt64, _ why: String) -> Doubt? {
            guard value > limit else { return nil }
            return Doubt(
                .warning, "/limits/\(name)", "is \(value), more than \(other), which is \(limit): \(why)",
                "lower it, or raise \(other)")
        }
        let (kept, overflow) = outputBytes.addingReportingOverflow(scratchBytes)
        return [
            higher("file_bytes", fileBytes, than: "output_bytes", outputBytes, "no file could be so large"),
            higher("locked_bytes", lockedBytes, than: "memory_bytes", memoryBytes, "there is less to lock"),
            higher("log_bytes", UInt64(logBytes), than: "memory_bytes", memoryBytes, "a log is read into memory"),
            higher(
                "report_bytes", UInt64(reportBytes), than: "output_bytes", outputBytes, "a report is one of the outputs"
            ),
            higher(
                "grace_seconds", UInt64(graceSeconds), than: "wall_seconds", UInt64(wallSeconds), "ending takes longer"),
            higher(
                "output_bytes", overflow ? .max : kept, than: "memory_bytes", memoryBytes,
                "with scratch_bytes; /out and /tmp are memory, so the job is killed before they are full"),
        ].compactMap(\.self)
    }
}

extension String {
    /// Whether a path is `folder` or lies in it, or would be a folder that holds it.
    fileprivate func isBelow(_ folder: String) -> Bool {
        self == folder || hasPrefix(folder + "/") || self == "/" || (contains("*") && split(separator: "/").count == 1)
    }
}
