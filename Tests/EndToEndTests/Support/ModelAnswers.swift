/// What each attempt of a hostile model is told under the strict policy, by the words of `Hostile/models`.
enum ModelAnswers {
    /// What stops a job from writing an input: the mode of the file comes first, and behind it stands the mount.
    static func expected(inputIsWritable: Bool) -> [String: String] {
        let inputs = Dictionary(uniqueKeysWithValues: inputs.map { ($0, inputIsWritable ? "EROFS" : "EACCES") })
        return byAnswer.reduce(into: inputs.merging(others) { $1 }) { found, group in
            for name in group.value { found[name] = group.key }
        }
    }

    private static let inputs = [
        "open an input for writing", "cut an input", "reopen an input for writing by its descriptor",
    ]

    private static let byAnswer: [String: [String]] = [
        "EROFS": [
            "write to /", "write to /in", "write to the rootfs", "write to /dev", "write to /run", "write to /sys",
            "write to the trainer's folder", "change the interpreter", "change an input's mode",
            "change an input's times", "rename an input", "remove an input",
        ],
        "ENOENT": [
            "write to core_pattern", "write to a file of the host",
            "write to a file of the host, by .. and /proc/self/root", "read /etc/shadow", "read the root of process 1",
            "read the kernel's keys", "read the disk", "read the machine's memory", "read /proc/kcore",
            "read a control group", "read the supervisor's key", "read the supervisor's jobs",
            "read a file of the host",
            "read the supervisor's environment", "read the supervisor's memory", "connect to the supervisor's socket",
            "run a shell",
        ],
        "EPERM": [
            "change an input's owner", "link an input into /out", "leave a link to /etc/shadow in /out",
            "leave a FIFO in /out", "make a device", "read the supervisor's memory by process_vm_readv",
            "open a file by its handle", "keyctl", "add_key", "request_key", "connect to a service on 127.0.0.1",
            "a socket of AF_INET", "a socket of AF_INET6", "a socket of AF_NETLINK", "a socket of AF_PACKET",
            "a socket of AF_ALG", "a socket of AF_VSOCK", "connect to the world", "ptrace", "mount", "setns", "chroot",
            "pivot_root", "memfd_create", "bpf", "perf_event_open", "io_uring_setup", "userfaultfd", "become root",
            "become root's group", "capset", "outlive the supervisor", "adopt processes", "unshare user",
            "unshare mount", "unshare network", "unshare pid", "raise a limit", "type on the supervisor's terminal",
            "map code from /tmp",
        ],
        "ESRCH": [
            "open the supervisor as a descriptor", "signal the supervisor", "signal everybody", "limit the supervisor",
        ],
        "EACCES": ["map an input for writing", "raise priority", "run a program of /tmp", "run a program of /out"],
        "none": [
            "find a secret in the environment", "see another's process", "find a descriptor that was left open",
            "find a key or a setuid program in the rootfs",
        ],
        // Allowed: a job's own folders are its own affair.
        "done": [
            "leave a setuid copy of the interpreter in /out", "write to /tmp and /out",
            "a server of its own on a path in /tmp",
        ],
    ]

    private static let others = [
        "move an input out": "EXDEV", "clone3": "ENOSYS", "ask for a host's address": "EAI_NONAME",
        "connect to a service on an abstract socket": "ECONNREFUSED",
        "load a shared object from /tmp": "failed to map segment from shared object",
        "run a program of /tmp by the loader": "status 127: failed to map segment from shared object",
        "run the interpreter again": "status 3: ", "a daemon that writes to /out": "lives",
    ]

    /// What came of each trick of a model that is only data. `canary` is a file of the host.
    static func tricks(_ canary: String) -> [String: [String: String]] {
        let plain = ["metadata.json": "done", "config.json": "done", "model.weights.h5": "done"]
        let up = String(repeating: "../", count: 8)
        return [
            // Into the job's own /tmp, and no further.
            "traversal.keras": plain.merging(
                ["\(up)tmp/hostile-climbed": "done", "\(up)\(canary.dropFirst())": "No such file or directory"]) { $1 },
            "absolute.keras": plain.merging([
                canary: "No such file or directory", "/etc/hostile": "Read-only file system",
                "/in/model.keras": "Read-only file system",
            ]) { $1 },
            "link.keras": plain.merging(["assets": "Operation not permitted"]) { $1 },
            "bomb.keras": plain.merging(["model.weights.h5": "No space left on device"]) { $1 },
            "outside.h5": outside,
        ]
    }

    /// HDF5 does read other files for whoever reads a dataset; the only passwd that it finds is the rootfs's.
    private static let outside: [String: String] = {
        var answers = [
            "stored in passwd": "root:x:0:0:root:/nonexistent:/no",
            "linked to passwd": "KeyError: 'Unable to synchronously open object (file signature not found)'",
        ]
        for name in ["shadow", "key", "canary", "memory"] {
            answers["stored in \(name)"] =
                "OSError: Can't synchronously read data (unable to open external raw data file)"
            answers["linked to \(name)"] = #"KeyError: "Unable to synchronously open object (can't open file)""#
        }
        return answers
    }()
}
