/// What a job executes, with names as its rootfs sees them.
package struct Program: Equatable, Sendable {
    /// Absolute path inside the rootfs.
    package let path: String
    package let arguments: [String]
    /// The whole environment: a job inherits none.
    package let environment: [String]

    package init(path: String, arguments: [String], environment: [String]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }
}

/// The descriptors that a tape names, all of the supervisor's and all at 10 and above.
struct Handles {
    let standardInput: Int32
    let standardOutput: Int32
    let standardError: Int32
    /// Where the job writes its report; it sees descriptor 3.
    let jobReport: Int32
    /// Both ends of the channel on which the tape reports.
    let failureReader: Int32
    let failureWriter: Int32
    let namespaces: Namespaces
    let root: Int32
    let devices: Int32
    /// What /proc/cpuinfo says.
    let processors: Int32
    let scratch: Int32
    let inputs: Folder
    /// What the policy lends, at /mnt; nil when it lends nothing.
    let lent: Folder?
    let output: Int32
    /// `tasks` of each cgroup v1 folder that the job joins by itself.
    let groups: [(controller: String, tasks: Int32)]

    /// Namespaces that were made ahead.
    struct Namespaces {
        let user: Int32
        let network: Int32
        let ipc: Int32
        let host: Int32

        fileprivate var all: [Int32] { [user, network, ipc, host] }
    }

    /// A mounted folder and the mounts in it, by name.
    struct Folder {
        let mount: Int32
        let entries: [(name: String, mount: Int32)]

        fileprivate var all: [Int32] { [mount] + entries.map(\.mount) }
    }

    /// Whether every one of them outlives what the tape does with the numbers below 10.
    var areHigh: Bool {
        let all = [
            standardInput, standardOutput, standardError, jobReport, failureReader, failureWriter, root,
            devices, processors, scratch, output,
        ]
        return (all + namespaces.all + inputs.all + (lent?.all ?? []) + groups.map(\.tasks)).allSatisfy { $0 >= 10 }
    }
}
