internal import CLinux
internal import Isolation
internal import Linux
internal import SystemPackage

/// What /proc/cpuinfo of every job says: the host's, as it was when the supervisor started.
///
/// Numeric libraries read it to choose their code (XNNPACK falls back to slow code without it, some percent of a training). A copy
/// and not the kernel's own file: that one is asked of every processor anew and tells their clock of the moment, which differs
/// with what other jobs do. What is left says little that the CPUID instruction, which no wall stops, does not: how many
/// processors there are, which a job's affinity tells too, the microcode's revision, and the kernel's list of their bugs.
///
/// Safe: written once by root, before there is a job, on a tmpfs of its own that is read-only from then on; each job gets a mount of
/// that one file.
final class ProcessorFile: Sendable {
    private let folder: TemporaryFolder
    private let file: OwnedDescriptor

    /// - Parameter attach: puts the folder into the tree of this process, without which it can't be cloned (open_tree(2)).
    /// - Throws: `LinuxError` with the stage that failed.
    init(_ attach: (borrowing DetachedMount) throws(LinuxError) -> Void) throws(LinuxError) {
        let text = try OwnedDescriptor.open("/proc/cpuinfo", flags: O_RDONLY, stage: "read cpuinfo")
            .readAll(limit: Self.mostBytes)
        folder = try TemporaryFolder(bytes: UInt64(text.count) + (64 << 10), entries: 4, owner: 0)
        try folder.folder.create("cpuinfo").write(text)
        try folder.mount.add(.readOnly)
        file = try OwnedDescriptor.open(
            Array("cpuinfo".utf8), in: folder.folder, flags: Int32(CL_O_PATH), stage: "open copy of cpuinfo")
        try attach(folder.mount)
    }

    /// Some 1.5 KiB for each processor.
    private static let mostBytes = 16 << 20

    /// One job's own mount of it.
    func clone() throws(LinuxError) -> DetachedMount { try DetachedMount(cloning: file, adding: .lent) }
}
