internal import CLinux
internal import Catalogue
internal import Isolation
package import JSON
package import Jobs
internal import Linux
internal import Sandbox

/// One training job, run in its sandbox or bare, to be timed: the same rootfs, program, environment and inputs.
package final class TrainingTrial {
    private let installation: Installation
    private let staged: StagedJob
    private let inputs: [(name: String, bytes: [UInt8])]
    private let bare: BareRoot

    /// - Parameters:
    ///   - configuration: a state folder of the trial's own, with a key in it.
    ///   - rootfs: the environment of the job, by name.
    ///   - policy: its policy, by name.
    ///   - inputs: what a submitter would upload.
    ///   - parameters: what a submitter would give.
    /// - Throws: what opening the installation, staging the job or mounting its rootfs throws.
    package init(
        _ configuration: Configuration, rootfs: String, policy: String,
        inputs: [(role: InputRole, name: String, bytes: [UInt8])], parameters: JSONObject
    ) throws {
        installation = try Installation(configuration)
        staged = try installation.stageTrial(rootfs: rootfs, policy: policy, inputs: inputs, parameters: parameters)
        let manifest = staged.mounted.image.manifest
        let files = manifest.inputs.compactMap { rule in
            inputs.first { $0.role.rawValue == rule.role }.map { (name: rule.file, bytes: $0.bytes) }
        }
        self.inputs = files + [(name: "job.json", bytes: Installation.order(staged.job, manifest))]
        bare = try BareRoot(staged.mounted.rootfs.clone(), at: "\(configuration.runtime)/bare")
    }

    /// What one run took.
    package struct Cost {
        /// Nanoseconds from the launch to the last process's death.
        package let wall: Int64
        /// Microseconds of its own on a processor, the kernel's work for it among them.
        package let processor: Int64

        fileprivate init(since start: Int64, _ ending: Ending) {
            wall = Clock.nanoseconds() - start
            processor = ending.userMicroseconds + ending.systemMicroseconds
        }
    }

    /// Runs it as the supervisor would.
    package func runConfined() throws -> Cost {
        try installation.fillPool()
        let sandbox = Sandbox(
            workplace: installation.workplace, rootfs: staged.mounted.rootfs, policy: staged.policy,
            pool: installation.pool)
        let start = Clock.nanoseconds()
        let outcome = try sandbox.run(
            staged.program, inputs: staged.inputs, streams: JobStreams { _, _ in }, cancellation: try Cancellation()
        ).outcome
        guard outcome.succeeded else { throw TrialError("the confined run ended: \(outcome)") }
        return Cost(since: start, outcome.ending)
    }

    /// Runs it by chroot(8) and nothing else: root, all calls, no namespace but that of the benchmark's own mounts.
    package func runBare() throws -> Cost {
        try bare.prepare(inputs)
        let report = try Pipe()
        defer { withExtendedLifetime(report) {} }
        let start = Clock.nanoseconds()
        let child = try Child.spawn(
            "/usr/bin/env",
            arguments: ["env", "-i"] + staged.program.environment + ["/usr/sbin/chroot", bare.path]
                + [staged.program.path] + staged.program.arguments.dropFirst(), third: report.writer,
            fourth: report.writer)
        let ending = try child.wait()
        guard ending.status == .exited(0) else { throw TrialError("the bare run ended: \(ending)") }
        return Cost(since: start, ending)
    }
}

/// Why a trial has no figures.
package struct TrialError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

/// The same rootfs as a plain root: what a training run costs without us.
///
/// The same mount, too, and not another one of the same image: its pages in memory are those that the job runs from. Where in memory
/// a library happens to lie makes it some percent slower or faster, for as long as it lies there.
private struct BareRoot {
    let path: String

    /// Attaches it in this process's own mount namespace, where it is gone with the process.
    init(_ root: borrowing DetachedMount, at path: String) throws {
        _ = try OwnedDescriptor.directory(path)
        try root.attach(at: path)
        // Read-only: whoever clears this folder away must not reach into the host's.
        for name in ["dev", "proc"] {
            let folder = try OwnedDescriptor.open("/\(name)", flags: Int32(CL_O_PATH))
            try DetachedMount(cloning: folder, adding: .readOnly).attach(at: "\(path)/\(name)")
        }
        self.path = path
    }

    /// Fresh folders to read, write and work in, over those of the run before.
    func prepare(_ inputs: [(name: String, bytes: [UInt8])]) throws {
        for name in ["in", "out", "tmp"] {
            let mount = try DetachedMount(temporary: 1 << 30, entries: 65_536, owner: 0, attributes: [])
            if name == "in" {
                let folder = try mount.openRoot()
                for input in inputs {
                    try OwnedDescriptor.open(
                        Array(input.name.utf8), in: folder, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o444
                    ).write(input.bytes)
                }
            }
            try mount.attach(at: "\(path)/\(name)")
        }
    }
}
