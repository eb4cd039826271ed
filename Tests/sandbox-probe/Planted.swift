import CLinux
import Glibc
import Isolation
import Linux

/// One thing left behind on purpose.
final class Planted {
    private var undo: () -> Void = {}

    init(_ kind: String, state: String, image: String?) throws {
        switch kind {
        case "nothing": break
        case "descriptors":
            let copy = dup(1)
            undo = { close(copy) }
        case "mounts":
            guard mount("none", "\(state)/mnt", "tmpfs", 0, nil) == 0 else { throw RequestFault("mount: \(errno)") }
        case "host mounts":
            try inHost { mkdir("\(state)/left", 0o700) + mount("none", "\(state)/left", "tmpfs", 0, nil) }
            undo = { try? inHost { umount2("\(state)/left", 2 /* MNT_DETACH */) } }
        case "loops":
            let mount = try DetachedMount(
                image: try OwnedDescriptor.open(image ?? "", flags: O_RDONLY), filesystem: "squashfs")
            let raw = try mount.descriptor.duplicate().release()
            undo = { close(raw) }
        case "children":
            let child = fork()
            if child == 0 { _exit(0) }
            undo = { waitpid(child, nil, 0) }
        case "entries": mkdir("\(state)/left", 0o700)
        case "groups":
            guard let own = Census.ownGroups().first else { throw RequestFault("no control groups") }
            let folder = "\(own)/aibom-planted-\(getpid())"
            guard mkdir(folder, 0o700) == 0 else { throw RequestFault("mkdir \(folder): \(errno)") }
            undo = { rmdir(folder) }
        default: throw RequestFault("can't plant \(kind)")
        }
    }

    func remove() { undo() }
}

/// Calls `body`, which answers 0, in a child that is in the mount namespace that this process was started in.
private func inHost(_ body: () -> Int32) throws {
    let host = open("/proc/\(getppid())/ns/mnt", O_RDONLY | O_CLOEXEC)
    defer { close(host) }
    guard host >= 0 else { throw RequestFault("no way to the host: \(errno)") }
    let child = fork()
    if child == 0 {
        let entered = try? Kernel.call("enter host", Int(SYS_setns), UInt64(argument: host), UInt64(CLONE_NEWNS))
        _exit(entered == 0 && body() == 0 ? 0 : 1)
    }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    guard status == 0 else { throw RequestFault("nothing was done in the host") }
}
