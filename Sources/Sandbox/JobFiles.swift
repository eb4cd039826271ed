internal import CSandbox
package import Linux
internal import SystemPackage

/// One file that a job finds in /in.
package final class InputFile: Sendable {
    package let name: String
    let file: OwnedDescriptor

    /// - Parameters:
    ///   - name: one path component, chosen by us and never by a submitter.
    ///   - file: opened for reading in this process's mount namespace.
    package init(name: String, file: consuming OwnedDescriptor) {
        precondition(!name.isEmpty && !name.contains("/") && name != "." && name != "..", "an input has a plain name")
        self.name = name
        self.file = file
    }
}

/// What stands in /in.
package enum JobInputs: Sendable {
    /// Files by descriptor, and small ones that we write ourselves.
    case files([InputFile], written: [(name: String, bytes: [UInt8])])
    /// A folder of the host.
    case folder(String)
}

/// The mounts of one job, made by descriptor before it exists, so that the tape resolves no path that anybody could swap.
struct JobFiles: ~Copyable {
    let root: DetachedMount
    let inputs: DetachedMount
    let inputMounts: [InputMount]
    let output: DetachedMount
    /// Our own way into /out, which outlives the job's mount namespace.
    let outputFolder: OwnedDescriptor

    /// - Parameters:
    ///   - rootfs: the job's root.
    ///   - inputs: what stands in /in.
    ///   - bytes: limit of /out.
    ///   - entries: inode limit of /out.
    ///   - user: host uid that owns /out.
    /// - Throws: `LinuxError`; nothing that was made is left.
    init(rootfs: Rootfs, inputs: JobInputs, bytes: UInt64, entries: UInt64, user: UInt32) throws(LinuxError) {
        let cloned = try rootfs.clone()
        let mounts = try Self.mountFiles(inputs)
        let folder = try Self.makeInputFolder(inputs)
        let made = try DetachedMount(
            temporary: bytes, entries: entries, owner: user, attributes: [.noSetuid, .noDevices, .noExecute])
        outputFolder = try made.openRoot()
        root = cloned
        inputMounts = mounts
        self.inputs = folder
        output = made
    }

    /// A read-only mount of each file alone: its folder, name and neighbours stay out of the job's sight.
    private static func mountFiles(_ inputs: JobInputs) throws(LinuxError) -> [InputMount] {
        guard case .files(let files, _) = inputs else { return [] }
        var mounts: [InputMount] = []
        for file in files {
            mounts.append(InputMount(name: file.name, mount: try DetachedMount(cloning: file.file, adding: .input)))
        }
        return mounts
    }

    private static func makeInputFolder(_ inputs: JobInputs) throws(LinuxError) -> DetachedMount {
        switch inputs {
        case .folder(let path):
            let folder = try OwnedDescriptor.open(
                path, flags: Int32(CS_O_PATH) | O_DIRECTORY, stage: "open input folder")
            return try DetachedMount(cloning: folder, adding: .input)
        case .files(let files, let written):
            let size = written.reduce(1 << 20) { $0 + UInt64($1.bytes.count) }
            let mount = try DetachedMount(
                temporary: size, entries: UInt64(files.count + written.count + 8), owner: 0, attributes: .writtenInput)
            let folder = try mount.openRoot()
            try folder.setMode(0o755)
            for file in files { _ = try create(file.name, in: folder) }
            for (name, bytes) in written { try create(name, in: folder).write(bytes) }
            try mount.add(.readOnly)
            return mount
        }
    }

    private static func create(
        _ name: String, in folder: borrowing OwnedDescriptor
    ) throws(LinuxError) -> OwnedDescriptor {
        let file = try OwnedDescriptor.open(
            Array(name.utf8), in: folder, flags: O_WRONLY | O_CREAT | O_EXCL, stage: "write input")
        try file.setMode(0o444)
        return file
    }
}

/// A mount of one input file.
final class InputMount: Sendable {
    let name: String
    let mount: DetachedMount

    init(name: String, mount: consuming DetachedMount) {
        self.name = name
        self.mount = mount
    }
}

extension MountAttributes {
    fileprivate static let writtenInput: MountAttributes = [.noSetuid, .noDevices, .noExecute]
    fileprivate static let input: MountAttributes = [.readOnly, .noSetuid, .noDevices, .noExecute]
}
