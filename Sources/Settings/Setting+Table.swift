extension Setting {
    /// Every setting there is. `docs/configuration.md` is this table; a test keeps the two equal.
    package static let table: [Setting] =
        places + aibom + access + audit + tpm + capacity + rates + gateway + limits + identities + logs + stops

    /// The one with this key.
    package static func named(_ key: String) -> Setting? { table.first { $0.key == key } }

    private static let places: [Setting] = [
        Setting(
            "state", \.state, .path, for: [.supervisor, .doctor], "Folder of jobs, blobs and keys; root's own."),
        Setting(
            "socket", \.socket, .socketPath, for: [.supervisor, .gateway, .doctor],
            "The Unix socket that the supervisor serves on."),
        Setting(
            "runtime", \.runtime, .path, for: [.supervisor, .doctor],
            "Folder for run-time state: locks of job user ids, and a mount point."),
        Setting(
            "key", \.key, .keyReference, for: [.supervisor, .doctor],
            "The private key that signs documents, a file or in a token (docs/keys.md); unset, it is keys/documents.pem in the "
                + "state folder."),
        Setting(
            "key_certificates", \.keyCertificates, .path, for: [.supervisor],
            "PEM file of the X.509 chain that says whose the key is, its own certificate first; it is published with every job."
        ),
        Setting(
            "signer", \.signer, .path, for: [.supervisor],
            "The signer's program; unset, it is aibom-signer beside aibomd."),
        Setting(
            "rootfs", \.rootfs, .path, variable: "AIBOM_ROOTFS_CACHE", for: [.supervisor, .doctor],
            "Folder of the environments that jobs run in, as aibom rootfs build leaves them."),
    ]

    private static let aibom: [Setting] = [
        Setting(
            "aibom.operator", \.aibom.operatorName, .text, for: [.supervisor],
            "Who runs this service, by name, as every AIBoM states it; unset, AIBoMs mark it unknown."),
        Setting(
            "aibom.security_policy", \.aibom.securityPolicy, .text, for: [.supervisor],
            "The https: address of the operator's security.txt (RFC 9116), for AIBoMs."),
        Setting(
            "aibom.cyclonedx", \.aibom.cyclonedx, .choice, for: [.supervisor],
            "The edition of CycloneDX that AIBoMs are written in; 1.6 is read by more programs, 1.7 has citations."),
    ]

    private static let access: [Setting] = [
        Setting(
            "access.users", \.access.users, .text, for: [.supervisor],
            "Local users, by name or number, that may use the socket beside root: each submits, and sees its own jobs.")
    ]

    private static let audit: [Setting] = [
        Setting(
            "audit.name", \.audit.name, .text, for: [.supervisor],
            "The name of the audit log, such as aibom.example.org/log, for good; unset, aibom/ and 16 digits of its key's id."
        ),
        Setting(
            "audit.watched_logs", \.audit.watchedLogs, .path, for: [.supervisor],
            "File of other nodes' logs (C2SP tlog-policy) whose checkpoints this node cosigns; unset, it is no witness."
        ),
    ]

    private static let tpm: [Setting] = [
        Setting(
            "tpm.device", \.tpm.device, .path, for: [.supervisor],
            "The TPM 2.0 that quotes the platform for each job, such as /dev/tpmrm0; unset, none does."),
        Setting(
            "tpm.key", \.tpm.key, .text, for: [.supervisor],
            "The persistent handle of the TPM's attestation key, in hex."),
        Setting(
            "tpm.certificates", \.tpm.certificates, .path, for: [.supervisor],
            "PEM file with that key's certificate and those up to its authority; unset, verifiers must know the key."),
    ]

    private static let capacity: [Setting] = [
        Setting(
            "capacity.cpu_millicores", \.capacity.cpuMillicores, .number(1...1_024_000, "thousandths of a CPU"),
            for: [.supervisor], "What all jobs together may take of the CPUs; unset, all there are."),
        Setting(
            "capacity.memory_bytes", \.capacity.memoryBytes, .number((16 << 20)...(1 << 50), "bytes"),
            for: [.supervisor],
            "What all jobs together may take of the memory; unset, all but the smaller of 2 GiB and a quarter."),
        Setting(
            "capacity.gpus", \.capacity.gpus, .number(0...1024, "GPUs"), for: [.supervisor],
            "How many GPUs all jobs together may take; unset, as many as there are NVIDIA device nodes."),
        Setting(
            "queue.passed_over_seconds", \.queue.passedOverSeconds, .number(1...604_800, "seconds"), for: [.supervisor],
            "After how long a job that smaller ones are started past comes first."),
        Setting(
            "retention.inputs_days", \.retention.inputsDays, .number(0...36_500, "days"), for: [.supervisor],
            "How long after a job's end its inputs are kept; 0 is for ever. Evidence stays."),
    ]

    private static let rates: [Setting] = [
        Setting(
            "rate.requests_per_second", \.rate.requestsPerSecond, .number(0...1_000_000, "requests"),
            for: [.supervisor], "Requests of one owner, in the long run; 0 is no limit."),
        Setting(
            "rate.request_burst", \.rate.requestBurst, .number(1...1_000_000, "requests"), for: [.supervisor],
            "Requests of one owner at once, after a quiet time."),
        Setting(
            "rate.submissions_per_minute", \.rate.submissionsPerMinute, .number(0...1_000_000, "jobs"),
            for: [.supervisor], "Jobs that one owner hands in; 0 is no limit."),
        Setting(
            "rate.open_uploads", \.rate.openUploads, .number(0...100_000, "uploads"), for: [.supervisor],
            "Uploads of one owner under way at the same time; 0 is no limit."),
        Setting(
            "rate.upload_bytes_per_day", \.rate.uploadBytesPerDay, .number(0...(1 << 60), "bytes"), for: [.supervisor],
            "Bytes that one owner uploads; 0 is no limit."),
    ]

    private static let logs: [Setting] = [
        Setting(
            "log.format", \.log.format, .choice, for: [.supervisor, .gateway],
            "One line an event on standard error: for people (text), or a JSON object each (json)."),
        Setting(
            "log.level", \.log.level, .choice, for: [.supervisor, .gateway],
            "The least weight of an event that is logged."),
    ]

    private static let stops: [Setting] = [
        Setting(
            "stop.mode", \.stop.mode, .choice, for: [.supervisor],
            "What becomes of running jobs at SIGTERM: back into the queue for the next start (requeue), or brought to their "
                + "end first, as far as the patience lasts (finish)."),
        Setting(
            "stop.patience_seconds", \.stop.patienceSeconds, .number(1...86_400, "seconds"),
            for: [.supervisor, .gateway],
            "How long requests under way, and with finish running jobs, are waited for at SIGTERM."),
    ]
}
