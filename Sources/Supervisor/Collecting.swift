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
    /// - Returns: the stored outputs, in the order of the rules.
    /// - Throws: `JobFailure` for the first that is missing, is no plain file or does not fit.
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
        let file: OwnedDescriptor
        do throws(WalkError) {
            file = try output.openOutput(Array(rule.file.utf8), limit: rule.maximumBytes)
        } catch {
            if case .system(let cause) = error, cause.errno == .noSuchFileOrDirectory {
                guard rule.isRequired else { return nil }
                throw JobFailure(
                    "output-missing", "The job left no \(rule.role)", detail: "\(rule.file) is not in /out",
                    remedy: "read logs.txt for what the trainer did")
            }
            throw refusal(rule, error.description)
        }
        return try store(file, rule)
    }

    /// The job's fault: what it left is not what the rootfs declares.
    private func refusal(_ rule: RootfsManifest.Output, _ detail: String) -> JobFailure {
        JobFailure(
            "output-refused", "An output can't be collected", detail: detail,
            remedy: "leave \(rule.file) as one regular file of at most \(rule.maximumBytes) bytes")
    }

    /// A full store is the operator's affair, and no fault of the job's.
    private func store(
        _ file: borrowing OwnedDescriptor, _ rule: RootfsManifest.Output
    ) throws(JobFailure) -> Blob {
        do throws(StoreError) {
            return try blobs.ingest(from: file, limit: rule.maximumBytes)
        } catch {
            switch error {
            case .tooLarge(let limit): throw refusal(rule, "output \(rule.file) is larger than \(limit) bytes")
            case .storageFull:
                throw JobFailure(
                    "storage-full", "The store is full", detail: "\(rule.file) did not fit: no space left in the store",
                    remedy: "have the operator make room, then submit again")
            default: throw .host("An output can't be stored", error)
            }
        }
    }
}
