internal import CLinux
internal import Isolation
internal import Linux
internal import Policy
internal import SystemPackage

/// /dev of a job: devices that give and take no state, on a filesystem that a job can't write.
///
/// Safe: made by root on a tmpfs of our own and read-only from then on; programs are kept out. No tty, no shm of the host, nothing
/// that names hardware unless the policy does. /dev/shm is /tmp: POSIX semaphores work, under the same limit.
///
/// The one with nothing added is made once; each job gets a mount of it.
package final class DeviceFolder: Sendable {
    private let mount: DetachedMount

    /// - Parameter attach: puts it into the tree of this process, without which it can't be cloned (open_tree(2)).
    /// - Throws: `LinuxError` with the stage that failed.
    init(_ attach: (borrowing DetachedMount) throws(LinuxError) -> Void) throws(LinuxError) {
        mount = try Self.make(adding: [Special]())
        try attach(mount)
    }

    /// One job's own mount of it, or, where the policy adds devices of the host, a folder of its own.
    func clone(adding devices: [Policy.Device]) throws(SandboxError) -> DetachedMount {
        let nodes = try Self.specials(of: devices)
        return try preparing { () throws(LinuxError) in
            try nodes.isEmpty ? DetachedMount(cloning: mount.descriptor) : Self.make(adding: nodes)
        }
    }

    private static func specials(of devices: [Policy.Device]) throws(SandboxError) -> [Special] {
        var nodes: [Special] = []
        for device in devices {
            for path in try HostPaths.matching(device.path, isRequired: device.isRequired) {
                nodes.append(try Special(of: path))
            }
        }
        return nodes
    }

    private static func make(adding devices: [Special]) throws(LinuxError) -> DetachedMount {
        let mount = try DetachedMount(
            temporary: 64 << 10, entries: UInt64(32 + 2 * devices.count), owner: 0,
            attributes: [.noSetuid, .noExecute])
        let folder = try mount.openRoot()
        try folder.setMode(0o755)
        for device in Special.usual + devices { try folder.makeDevice(device.name, device.number) }
        let links = [
            ("/proc/self/fd", "fd"), ("/proc/self/fd/0", "stdin"), ("/proc/self/fd/1", "stdout"),
            ("/proc/self/fd/2", "stderr"), ("/tmp", "shm"),
        ]
        for (target, name) in links { try folder.makeLink(name, to: target) }
        try mount.add(.readOnly)
        return mount
    }
}

/// A device node by its place below /dev.
private struct Special {
    let name: String
    let number: DeviceNumber

    /// Memory devices have major 1 (Documentation/admin-guide/devices.txt).
    static let usual = [("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)].map {
        Special(name: $0.0, number: DeviceNumber(major: 1, minor: $0.1))
    }

    init(name: String, number: DeviceNumber) {
        self.name = name
        self.number = number
    }

    /// The node at a path of the host.
    init(of path: String) throws(SandboxError) {
        let status = try preparing { () throws(LinuxError) in
            try OwnedDescriptor.open(path, flags: Int32(CL_O_PATH) | O_NOFOLLOW, stage: "look at device").status()
        }
        guard let number = status.characterDevice else {
            throw .unenforceable(
                what: "\(path) is not a character device", remedy: "name the device itself in the policy")
        }
        self.init(name: String(path.dropFirst("/dev/".count)), number: number)
    }
}
