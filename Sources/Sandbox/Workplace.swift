internal import CLinux
package import Isolation
package import Linux
internal import SystemPackage

/// The folders that every sandbox of this process uses, in a mount namespace of its own.
///
/// Made once, before the process has a second thread. What is mounted below it is seen by nobody else and is gone with the
/// process, however it ends.
package struct Workplace: Sendable {
    /// The file whose bytes stand for job uids; shared by all processes of ours on this host.
    let users: String
    /// An empty folder that a job's rootfs is attached to, each in its own mount namespace.
    let target: String
    /// The devices that every job has.
    let devices: DeviceFolder
    /// What every job reads at /proc/cpuinfo.
    let processors: ProcessorFile
    let groups: ControlGroups
    private let mounts: String

    /// Leaves the host's mount namespace and makes the folders.
    ///
    /// - Parameter folder: a folder for run-time state, such as `/run/aibom`.
    /// - Throws: `SandboxError.preparation`; EPERM when not root.
    package init(at folder: String) throws(SandboxError) {
        // First of all: this process may have to move into a leaf of its own group, and no child of it may be left behind.
        groups = try preparing { () throws(LinuxError) in try ControlGroups() }
        users = "\(folder)/users"
        mounts = "\(folder)/mnt"
        target = "\(folder)/mnt/job"
        let folders = (folder, mounts, target)
        (devices, processors) = try preparing { () throws(LinuxError) in
            try OwnProcess.waitForChildren()
            try OwnProcess.leaveHostMounts()
            _ = try OwnedDescriptor.directory(folders.0, mode: 0o711)
            _ = try OwnedDescriptor.directory(folders.1)
            let own = try DetachedMount(
                temporary: 1 << 20, entries: 4096, owner: 0, attributes: [.noSetuid, .noDevices, .noExecute])
            try own.attach(at: folders.1)
            _ = try OwnedDescriptor.directory(folders.2)
            let devices = try DeviceFolder { mount throws(LinuxError) in
                try Self.attach(mount, named: "dev", in: folders.1)
            }
            let processors = try ProcessorFile { mount throws(LinuxError) in
                try Self.attach(mount, named: "cpuinfo", in: folders.1)
            }
            return (devices, processors)
        }
    }

    /// Attaches a mount that jobs get clones of.
    func attach(_ mount: borrowing DetachedMount, named name: String) throws(LinuxError) {
        try Self.attach(mount, named: name, in: mounts)
    }

    private static func attach(
        _ mount: borrowing DetachedMount, named name: String, in mounts: String
    ) throws(LinuxError) {
        let path = "\(mounts)/\(name)"
        _ = try OwnedDescriptor.directory(path)
        try mount.attach(at: path)
    }
}

/// A read-only root filesystem, mounted once; each job gets a clone of the mount.
package final class Rootfs: Sendable {
    private let mount: DetachedMount

    /// A sealed image, mounted from the very file that the caller hashed.
    ///
    /// - Parameters:
    ///   - image: the open image.
    ///   - filesystem: its format, such as `squashfs`.
    ///   - name: unique among this process's rootfs.
    ///   - workplace: where it is attached.
    /// - Throws: `SandboxError.preparation` with the stage that failed.
    package init(
        image: borrowing OwnedDescriptor, filesystem: String, name: String, in workplace: Workplace
    ) throws(SandboxError) {
        do throws(LinuxError) {
            mount = try DetachedMount(image: image, filesystem: filesystem)
            try workplace.attach(mount, named: name)
        } catch {
            throw .preparation(error)
        }
    }

    /// A folder of the host; its submounts are left out.
    package init(folder: String, in workplace: Workplace) throws(SandboxError) {
        do throws(LinuxError) {
            let opened = try OwnedDescriptor.open(folder, flags: Int32(CL_O_PATH) | O_DIRECTORY, stage: "open rootfs")
            mount = try DetachedMount(cloning: opened, adding: [.readOnly, .noSetuid, .noDevices])
            try workplace.attach(mount, named: "folder")
        } catch {
            throw .preparation(error)
        }
    }

    /// A root with the mount points of a job and nothing else in it.
    package init(emptyIn workplace: Workplace) throws(SandboxError) {
        do throws(LinuxError) {
            mount = try DetachedMount(
                temporary: 1 << 20, entries: 64, owner: 0, attributes: [.noSetuid, .noDevices, .noExecute])
            let root = try mount.openRoot()
            try root.setMode(0o755)
            for name in ["dev", "proc", "tmp", "in", "out"] { try root.makeFolder(Array(name.utf8)) }
            try workplace.attach(mount, named: "empty")
        } catch {
            throw .preparation(error)
        }
    }

    /// One job's own mount of it.
    package func clone() throws(LinuxError) -> DetachedMount {
        try DetachedMount(cloning: mount.descriptor, adding: [.readOnly, .noSetuid, .noDevices])
    }
}

extension Rootfs {
    /// The absolute path of a command in this rootfs, as a shell there would find it.
    ///
    /// - Parameter command: a path with `/`, or a name that is looked up in the usual folders.
    /// - Returns: nil when no folder has it. Links are resolved inside the rootfs (RESOLVE_IN_ROOT), never on the host.
    package func find(_ command: String) -> String? {
        if command.contains("/") { return command }
        let places = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        return places.map { "\($0)/\(command)" }.first { path in
            let found = try? OwnedDescriptor.open(
                Array(path.utf8), in: mount.descriptor, flags: Int32(CL_O_PATH), resolve: UInt64(RESOLVE_IN_ROOT))
            return found != nil
        }
    }
}
