internal import CLinux
internal import Isolation
internal import Linux
internal import SystemPackage

/// A read-only folder that we write for one job, and files and folders of the host mounted on names in it.
///
/// Everything is mounted by descriptor: the folder and neighbours of what is lent can't be reached by the job. Its path on the
/// host can be read, in /proc/self/mountinfo.
struct MountedFolder {
    /// What is attached: the folder, and the mounts in it.
    let handles: Handles.Folder
    private let owners: [any AnyObject & Sendable]

    /// A folder of the host itself.
    init(of path: String) throws(LinuxError) {
        let folder = try OwnedDescriptor.open(
            path, flags: Int32(CL_O_PATH) | O_DIRECTORY, stage: "open input folder")
        let entry = try MountedEntry(folder, as: "")
        handles = .init(mount: entry.mount.descriptor.raw, entries: [])
        owners = [entry]
    }

    /// A folder of our own.
    ///
    /// - Parameters:
    ///   - own: an empty folder in memory that nobody has seen yet.
    ///   - entries: what is mounted in it.
    ///   - written: small files that stand in it as they are.
    /// - Throws: `LinuxError` with the stage that failed; ENOSPC when there is more than the folder takes.
    init(
        _ own: TemporaryFolder, entries: [MountedEntry], written: [(name: String, bytes: [UInt8])] = []
    ) throws(LinuxError) {
        for entry in entries { try own.folder.makePlace(for: entry) }
        for (name, bytes) in written { try own.folder.create(name).write(bytes) }
        try own.mount.add(.readOnly)
        handles = .init(
            mount: own.mount.descriptor.raw, entries: entries.map { ($0.name, $0.mount.descriptor.raw) })
        owners = [own] + entries
    }
}

/// A folder in memory with a limit on bytes and inodes, and our own way into it. No device and no program runs from it.
final class TemporaryFolder: Sendable {
    let mount: DetachedMount
    let folder: OwnedDescriptor

    /// - Parameters:
    ///   - bytes: limit of all files together.
    ///   - entries: limit of inodes.
    ///   - owner: host uid and gid; only root's can be entered by everybody.
    /// - Throws: `LinuxError` with the stage that failed.
    init(bytes: UInt64, entries: UInt64, owner: UInt32) throws(LinuxError) {
        let made = try DetachedMount(
            temporary: bytes, entries: entries, owner: owner, attributes: [.noSetuid, .noDevices, .noExecute])
        folder = try made.openRoot()
        mount = made
        if owner == 0 { try folder.setMode(0o755) }
    }
}

/// A mount of one file or folder of the host.
final class MountedEntry: Sendable {
    /// Where it stands in its folder; all components but the last are folders of ours.
    let name: String
    fileprivate let isFolder: Bool
    let mount: DetachedMount

    /// - Parameters:
    ///   - file: opened in this process's mount namespace.
    ///   - name: relative to the folder.
    ///   - attributes: what may not be done with it.
    /// - Throws: `LinuxError` with the stage that failed.
    init(_ file: borrowing OwnedDescriptor, as name: String, _ attributes: MountAttributes = .lent) throws(LinuxError) {
        isFolder = try file.status().kind == .directory
        mount = try DetachedMount(cloning: file, adding: attributes)
        self.name = name
    }
}

extension OwnedDescriptor {
    /// An empty file or folder for a mount, and the folders on the way to it.
    fileprivate borrowing func makePlace(for entry: MountedEntry) throws(LinuxError) {
        let parts = entry.name.split(separator: "/")
        try makeOpenFolders(parts.dropLast(entry.isFolder ? 0 : 1))
        if !entry.isFolder { _ = try create(entry.name) }
    }

    /// A file that everybody may read and nobody write.
    borrowing func create(_ name: String) throws(LinuxError) -> OwnedDescriptor {
        let file = try OwnedDescriptor.open(
            Array(name.utf8), in: self, flags: O_WRONLY | O_CREAT | O_EXCL, stage: "make file")
        try file.setMode(0o444)
        return file
    }
}

extension MountAttributes {
    /// What a job gets from the host: to read, and nothing else.
    static let lent: MountAttributes = [.readOnly, .noSetuid, .noDevices, .noExecute]
    /// A library that is lent must be mapped as code, which noexec forbids (mmap(2)).
    static let lentCode: MountAttributes = [.readOnly, .noSetuid, .noDevices]
}
