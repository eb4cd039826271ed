internal import CLinux
internal import Isolation
internal import Linux
internal import Policy

extension Tape {
    /// A private copy of the mount tree that the job can't see changed and can't propagate out of.
    ///
    /// Safe against a hostile job: runs before any of its code; MS_REC|MS_PRIVATE on "/" comes first, so that no later mount of
    /// ours leaks to the host (mount_namespaces(7), "shared subtrees").
    mutating func detachMounts() {
        begin("detach mounts")
        mount(nil, on: "/", type: nil, [.recursive, .private])
    }

    /// The rootfs, read-only, and the child's working directory in it.
    ///
    /// Safe: the mount was made and restricted by descriptor (read-only, no setuid, no devices) before this child existed, so
    /// no path that anybody could swap is resolved. `target` is an empty folder that only root can enter.
    mutating func attachRoot(_ root: Int32, at target: String) {
        begin("attach rootfs")
        let target = Argument.jobText("<mount point>", target)
        attach("rootfs", root, at: target)
        append(.chdir, target)
    }

    /// /dev, made and restricted beforehand by descriptor (see `DeviceFolder`).
    mutating func attachDevices(_ devices: Int32) {
        begin("attach /dev")
        attach("devices", devices, at: .text("dev"))
    }

    /// /tmp, the job's own; gone with the mount namespace.
    ///
    /// Safe: a tmpfs with a limit on bytes and inodes, made beforehand by descriptor, that belongs to the job's uid; no device
    /// and no program runs from it.
    mutating func attachScratch(_ scratch: Int32, _ limits: Limits) {
        begin("attach /tmp")
        let name = "tmpfs of \(limits.scratchBytes) bytes and \(limits.scratchEntries) inodes"
        attach(name, scratch, at: .text("tmp"))
    }

    /// A /proc of the job's own pid namespace.
    ///
    /// Safe: subset=pid leaves out everything of the host (sys, sysrq-trigger, kallsyms, kcore, keys), so that no file in it
    /// belongs to host root. One name is there all the same, cpuinfo, under a read-only copy made beforehand (`ProcessorFile`): it
    /// can be mounted on as long as procfs is whole, and what is mounted on stays in the kernel's cache of names, so that the name
    /// is found when procfs looks up no other any more. No code of the job's has run until then.
    mutating func mountProcesses(_ processors: Int32) {
        begin("mount /proc")
        let limits: MountFlags = [.noSetuid, .noDevices, .noExecute]
        mount("proc", on: "proc", type: "proc", limits)
        attach("cpuinfo", processors, at: .text("proc/cpuinfo"))
        mount(nil, on: "proc", type: nil, [limits, .remount], "subset=pid")
    }

    /// A /proc that shows a service of ours itself and nobody else: the threads of Swift's executor are counted by it.
    ///
    /// Safe: subset=pid leaves out everything of the host; hidepid=ptraceable every process that this one could not trace, and
    /// it can trace none.
    mutating func mountOwnProcess() {
        begin("mount /proc")
        mount(
            "proc", on: "proc", type: "proc", [.noSetuid, .noDevices, .noExecute], "subset=pid,hidepid=ptraceable")
    }

    /// The root of a service of ours, and the one folder of the host that it keeps, each made beforehand by descriptor.
    ///
    /// Safe: as a job's; the place it is put at is only one that every system has.
    mutating func attachServiceRoot(_ root: Handles.Folder) {
        begin("attach own root")
        attach("root", root.mount, at: .text("/proc"))
        append(.chdir, .text("/proc"))
        for entry in root.entries { attach(entry.name, entry.mount, at: .text(entry.name)) }
    }

    /// /in: a read-only folder with each input on a read-only mount of its own, made beforehand by descriptor.
    mutating func attachInputs(_ inputs: Handles.Folder) {
        begin("attach /in")
        attach("input", inputs, at: "in")
    }

    /// /mnt: what the policy lends of the host, each read-only on a mount of its own, made beforehand by descriptor.
    ///
    /// Safe: the policy names every one; the mount is of that file or folder alone, without setuid and without devices.
    mutating func attachLent(_ lent: Handles.Folder) {
        begin("attach /mnt")
        attach("lent", lent, at: "mnt")
    }

    /// /out: the one place a job can write that outlives it.
    ///
    /// Safe: a tmpfs with a limit on bytes and inodes that belongs to the job's uid; no device and no program runs from it. The
    /// supervisor keeps its own mount of it and looks only after every process of the job is dead.
    mutating func attachOutput(_ output: Int32, _ limits: Limits) {
        begin("attach /out")
        let name = "tmpfs of \(limits.outputBytes) bytes and \(limits.outputEntries) inodes"
        attach(name, output, at: .text("out"))
    }

    /// Makes the rootfs "/" and lets go of the host's tree.
    ///
    /// Safe: after pivot_root(".", ".") the old root lies over the new one and is detached at once (pivot_root(2), "pivot_root(
    /// ".", ".")"); the working directory is inside the new root, so no descriptor or cwd leads out (CVE-2024-21626).
    mutating func pivotRoot() {
        begin("pivot root")
        append(.pivotRoot, .text("."), .text("."))
        append(.umount, .text("."), .flags("MNT_DETACH", 2))
        append(.chdir, .text("/"))
    }

    private mutating func mount(
        _ source: String?, on target: String, type: String?, _ flags: MountFlags, _ data: String? = nil
    ) {
        append(
            .mount, .optionalText(source), .text(target), .optionalText(type), .flags(flags), .optionalText(data))
    }

    private mutating func attach(_ name: String, _ folder: Handles.Folder, at place: String) {
        attach(name, folder.mount, at: .text(place))
        for entry in folder.entries { attach(name, entry.mount, at: .text("\(place)/\(entry.name)")) }
    }

    private mutating func attach(_ name: String, _ mount: Int32, at place: Argument) {
        append(
            .moveMount, .job(name, UInt64(argument: mount)), .text(""),
            .flags("AT_FDCWD", UInt64(argument: AT_FDCWD)), place,
            .flags("MOVE_MOUNT_F_EMPTY_PATH", UInt64(MOVE_MOUNT_F_EMPTY_PATH)))
    }
}

extension Tape.Argument {
    fileprivate static func flags(_ flags: MountFlags) -> Tape.Argument { .flags(flags.description, flags.rawValue) }

    fileprivate static func optionalText(_ text: String?) -> Tape.Argument { text.map { .text($0) } ?? .null }
}
