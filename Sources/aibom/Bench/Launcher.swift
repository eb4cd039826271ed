import Foundation
import Isolation
import JSON
import Linux
import Policy

/// Another program that launches a confined process, with as much confinement as its switches offer.
struct Launcher {
    let name: String
    /// The one that is installed.
    let executable: String
    /// Arguments of one launch of /bin/true; the number differs from launch to launch.
    let arguments: (_ number: Int) -> [String]

    /// Those that this host has.
    ///
    /// - Parameters:
    ///   - root: the folder that becomes the root of each.
    ///   - bundle: an empty folder for what an OCI runtime wants to read.
    /// - Returns: bubblewrap first; only it can be given our filter, by descriptor 3.
    /// - Throws: when the bundle can't be written.
    static func installed(root: String, bundle: String) throws -> [Launcher] {
        try bundleFile(root: root).write(to: URL(filePath: "\(bundle)/config.json"))
        let known: [(String, (Int) -> [String])] = [
            (
                "bwrap",
                { _ in
                    [
                        "--unshare-all", "--uid", "1000", "--gid", "1000", "--ro-bind", root, "/", "--tmpfs", "/tmp",
                        "--proc", "/proc", "--dev", "/dev", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
                        "--seccomp", "3", "/bin/true",
                    ]
                }
            ),
            (
                "nsjail",
                { _ in
                    [
                        "--mode", "o", "--really_quiet", "--chroot", root, "--user", "1000", "--group", "1000",
                        "--disable_proc", "--", "/bin/true",
                    ]
                }
            ),
            (
                "minijail0",
                { _ in ["-v", "-p", "-l", "-e", "-N", "--uts", "-n", "-c", "0", "-P", root, "/bin/true"] }
            ),
            (
                "isolate",
                { _ in ["--no-default-dirs", "--dir=bin=\(root)/bin", "--silent", "--run", "--", "/bin/true"] }
            ),
            (
                "crun",
                { ["--cgroup-manager=disabled", "run", "--bundle", bundle, "aibom-bench-\(getpid())-\($0)"] }
            ),
        ]
        return known.compactMap { name, arguments in
            let places = ["/usr/bin/\(name)", "/usr/local/bin/\(name)", "/usr/sbin/\(name)"]
            return places.first(where: OwnedDescriptor.exists).map { path in
                Launcher(name: name, executable: path) { [name] + arguments($0) }
            }
        }
    }

    /// - Returns: whether the program exited with 0.
    func launch(_ number: Int, _ filter: borrowing PeerFilter) throws -> Bool {
        let program = try filter.open()
        let child = try Child.spawn(executable, arguments: arguments(number), third: program, fourth: program)
        return try child.wait().status == .exited(0)
    }

    /// The least configuration of the OCI runtime specification that confines: namespaces, a read-only root, no capability.
    private static func bundleFile(root: String) -> Data {
        let kinds = ["pid", "network", "ipc", "uts", "mount", "cgroup"]
        let configuration: JSON = [
            "ociVersion": "1.0.2",
            "process": [
                "user": ["uid": 1000, "gid": 1000], "args": ["/bin/true"], "cwd": "/", "noNewPrivileges": true,
                "capabilities": ["bounding": [], "effective": [], "permitted": []],
            ],
            "root": ["path": .string(root), "readonly": true],
            "mounts": [["destination": "/proc", "type": "proc", "source": "proc"]],
            "linux": ["namespaces": .array(kinds.map { ["type": .string($0)] })],
        ]
        return Data(configuration.prettyBytes())
    }
}
