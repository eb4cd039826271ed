extension Setting {
    /// Every setting there is. `docs/configuration.md` is this table; a test keeps the two equal.
    package static let table: [Setting] = places + access + logs + stops

    /// The one with this key.
    package static func named(_ key: String) -> Setting? { table.first { $0.key == key } }

    private static let places: [Setting] = [
        Setting(
            "state", \.state, .path, for: [.supervisor, .client], "Folder of jobs, blobs and keys; root's own."),
        Setting(
            "socket", \.socket, .socketPath, for: [.supervisor, .gateway, .client],
            "The Unix socket that the supervisor serves on."),
        Setting(
            "runtime", \.runtime, .path, for: [.supervisor, .client],
            "Folder for run-time state: locks of job user ids, and a mount point."),
        Setting(
            "key", \.key, .path, for: [.supervisor, .client],
            "The private key that signs documents; unset, it is keys/documents.pem in the state folder."),
        Setting(
            "signer", \.signer, .path, for: [.supervisor],
            "The signer's program; unset, it is aibom-signer beside aibomd."),
        Setting(
            "rootfs", \.rootfs, .path, variable: "AIBOM_ROOTFS_CACHE", for: [.supervisor, .client],
            "Folder of the environments that jobs run in, as aibom rootfs build leaves them."),
    ]

    private static let access: [Setting] = [
        Setting(
            "access.users", \.access.users, .text, for: [.supervisor],
            "Local users, by name or number, that may use the socket beside root: each submits, and sees its own jobs."),
        Setting(
            "gateway.user", \.gateway.user, .text, for: [.supervisor],
            "The user, by name or number, that the gateway runs as; while the host has no user of the default's name, nobody speaks "
                + "for others."),
        Setting(
            "gateway.may_state", \.gateway.mayState, .choice, for: [.supervisor],
            "The roles that the gateway may state for those whom an identity provider named; never operator."),
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
