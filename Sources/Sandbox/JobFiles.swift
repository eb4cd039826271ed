internal import CLinux
internal import Isolation
package import Linux
internal import Policy
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

/// The mounts of one job's program and data, made by descriptor before it exists, so that the tape resolves no path that anybody
/// could swap.
struct JobFiles: ~Copyable {
    let root: DetachedMount
    let inputs: MountedFolder
    /// What the policy lends of the host, at /mnt; nil when it lends nothing.
    let lent: MountedFolder?

    /// - Parameters:
    ///   - rootfs: the job's root.
    ///   - inputs: what stands in /in.
    ///   - folder: an empty one, for /in.
    ///   - policy: what is lent.
    /// - Throws: `SandboxError`; nothing that was made is left.
    init(rootfs: Rootfs, inputs: JobInputs, in folder: TemporaryFolder, policy: Policy) throws(SandboxError) {
        let root = try preparing { () throws(LinuxError) in try rootfs.clone() }
        let given = try preparing { () throws(LinuxError) in try MountedFolder(inputs, in: folder) }
        let lent = try policy.mounts.isEmpty ? nil : MountedFolder(lending: policy.mounts)
        self.root = root
        self.inputs = given
        self.lent = lent
    }
}

extension MountedFolder {
    fileprivate init(_ inputs: JobInputs, in folder: TemporaryFolder) throws(LinuxError) {
        switch inputs {
        case .folder(let path): try self.init(of: path)
        case .files(let files, let written):
            var entries: [MountedEntry] = []
            for file in files { entries.append(try MountedEntry(file.file, as: file.name)) }
            try self.init(folder, entries: entries, written: written)
        }
    }

    fileprivate init(lending mounts: [Policy.Lent]) throws(SandboxError) {
        let places = try LentPath.all(of: mounts)
        self = try preparing { () throws(LinuxError) in
            var entries: [MountedEntry] = []
            for place in places {
                let file = try OwnedDescriptor.open(place.path, flags: Int32(CL_O_PATH), stage: "lend")
                entries.append(try MountedEntry(file, as: place.name, .lentCode))
            }
            let folder = try TemporaryFolder(bytes: 1 << 20, entries: 65_536, owner: 0)
            return try MountedFolder(folder, entries: entries)
        }
    }
}
