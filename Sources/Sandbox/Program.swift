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

/// The descriptors that a tape names, all of the supervisor's and all above the numbers that the tape assigns.
struct Handles {
    let standardInput: Int32
    let standardOutput: Int32
    let standardError: Int32
    /// Where the job writes its report; it sees descriptor 3.
    let jobReport: Int32
    /// Both ends of the pipe on which the tape reports a failed step.
    let failureReader: Int32
    let failureWriter: Int32
    let network: Int32
    let userNamespace: Int32
    let root: Int32
    let inputs: Int32
    /// Name in /in and mount of each input file.
    let inputFiles: [(name: String, mount: Int32)]
    let output: Int32
    /// Host uid and gid of the job.
    let user: UInt32

    /// Whether every one of them outlives the tape's own assignments of 0 to 3.
    var areHigh: Bool {
        let all = [
            standardInput, standardOutput, standardError, jobReport, failureReader, failureWriter, network,
            userNamespace, root, inputs, output,
        ]
        return (all + inputFiles.map(\.mount)).allSatisfy { $0 > 3 }
    }
}
