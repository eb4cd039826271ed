internal import Catalogue
internal import JobStore
internal import Jobs
internal import Linux
internal import SystemPackage

extension Installation {
    /// Stores what a job left, each file hashed in the pass that stores it.
    ///
    /// Safe against a hostile job: it is dead, down to its last process, and nobody else can write to its /out. Only names
    /// that the rootfs declares are looked at, through descriptors that follow no link and leave neither folder nor mount.
    ///
    /// - Parameters:
    ///   - output: the dead job's /out.
    ///   - rules: what the rootfs declares.
    /// - Returns: what was stored, in the order of the rules.
    /// - Throws: `JobFailure` naming the output; nothing that it kept is published.
    func collect(
        _ output: borrowing OwnedDescriptor, _ rules: [RootfsManifest.Output]
    ) throws(JobFailure) -> [Artifact] {
        var artifacts: [Artifact] = []
        for rule in rules {
            guard let blob = try collect(output, rule) else { continue }
            artifacts.append(Artifact(name: rule.file, role: ArtifactRole(rawValue: rule.role) ?? .output, blob: blob))
        }
        return artifacts
    }

    private func collect(
        _ output: borrowing OwnedDescriptor, _ rule: RootfsManifest.Output
    ) throws(JobFailure) -> Blob? {
        do throws(WalkError) {
            let file = try output.openOutput(Array(rule.file.utf8), limit: rule.maximumBytes)
            return try store(file, rule)
        } catch {
            if case .system(let cause) = error, cause.errno == .noSuchFileOrDirectory {
                guard rule.isRequired else { return nil }
                throw JobFailure(
                    "output-missing", "The job left no \(rule.role)", detail: "\(rule.file) is not in /out",
                    remedy: "read logs.txt for what the trainer did")
            }
            throw JobFailure(
                "output-refused", "An output can't be collected", detail: error.description,
                remedy: "leave \(rule.file) as one regular file of at most \(rule.maximumBytes) bytes")
        }
    }

    private func store(
        _ file: borrowing OwnedDescriptor, _ rule: RootfsManifest.Output
    ) throws(WalkError) -> Blob {
        do throws(StoreError) {
            return try blobs.ingest(from: file, limit: rule.maximumBytes)
        } catch {
            switch error {
            case .tooLarge(let limit): throw .tooLarge(path: Array(rule.file.utf8), limit: limit)
            case .storageFull(let stage): throw .system(LinuxError(stage: stage, errno: .noSpace))
            case .system(let cause): throw .system(cause)
            default: throw .system(LinuxError(stage: "store \(rule.file)", errno: .ioError))
            }
        }
    }
}
