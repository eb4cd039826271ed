internal import CSandbox
internal import Jobs
internal import Linux
internal import SystemPackage

/// Files of jobs that are not over: their logs while they grow, and seals that were begun.
///
/// A log is a convenience and may be lost with the power; a seal is written durably before the job's state says `sealing`.
final class WorkFolder: Sendable {
    private let folder: OwnedDescriptor

    init(in state: borrowing OwnedDescriptor) throws(LinuxError) { folder = try state.directory("work") }

    /// The log of a job, made anew for each attempt.
    func createLog(of job: JobID) throws(LinuxError) -> OwnedDescriptor {
        try folder.remove("\(job).log")
        return try OwnedDescriptor.open(
            Array("\(job).log".utf8), in: folder, flags: O_RDWR | O_CREAT | O_EXCL | O_APPEND, mode: 0o600,
            stage: "create log")
    }

    /// A job's log as it stands; nil when there is none.
    func openLog(of job: JobID) throws(LinuxError) -> OwnedDescriptor? {
        try open("\(job).log")
    }

    func saveSeal(_ bytes: [UInt8], of job: JobID) throws(LinuxError) {
        try DurableFile.publish(bytes, as: "\(job).seal", in: folder, mode: 0o600)
    }

    func seal(of job: JobID) throws(LinuxError) -> [UInt8]? {
        guard let file = try open("\(job).seal") else { return nil }
        return try file.readAll(limit: 1 << 20)
    }

    /// Takes away what a job that is over needs no more.
    func clear(_ job: JobID) throws(LinuxError) {
        try folder.remove("\(job).log")
        try folder.remove("\(job).seal")
    }

    private func open(_ name: String) throws(LinuxError) -> OwnedDescriptor? {
        do throws(LinuxError) {
            let file = try OwnedDescriptor.open(
                Array(name.utf8), in: folder, flags: O_RDONLY | O_NOFOLLOW, stage: "open work file")
            return file
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }
}
