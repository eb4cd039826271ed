internal import CLinux
internal import Jobs
internal import Linux
internal import SystemPackage

/// Files of jobs that are not over: their logs while they grow, and seals that were begun.
///
/// A log is a convenience and may be lost with the power; a seal is written durably before the job's state says `sealing`.
final class WorkFolder: Sendable {
    /// A few documents of at most 8 MiB.
    private static let sealLimit = 64 << 20

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
        return try file.readAll(limit: Self.sealLimit)
    }

    /// Takes away what a job that is over needs no more, with what a killed writer of its seal left.
    func clear(_ job: JobID) throws(LinuxError) {
        try folder.remove("\(job).log")
        try folder.remove("\(job).seal")
        try folder.remove(".\(job).seal.new")
        CrashPoint.pass(.workCleared)
    }

    /// The jobs that have files here.
    func jobs() throws(LinuxError) -> Set<JobID> {
        let again = try OwnedDescriptor.open(
            Array(".".utf8), in: folder, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, stage: "list work")
        let names = try again.names(limit: .max).map { String(decoding: $0, as: UTF8.self) }
        return Set(names.compactMap { JobID(String($0.drop { $0 == "." }.prefix { $0 != "." })) })
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
