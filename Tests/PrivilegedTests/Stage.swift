import Foundation
import Glibc

/// The folder in which all privileged tests of one run take place: two roots, inputs, policies, run-time state.
enum Stage {
    static let folder: String = {
        let path = FileManager.default.temporaryDirectory.appending(path: "aibom-privileged-\(UUID().uuidString)").path
        atexit { try? FileManager.default.removeItem(atPath: Stage.folder) }
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }()

    /// Run-time state, shared by all probes as by all supervisors of one host.
    static let state = "\(folder)/run"

    /// The rootfs of the jobs. /open may be written by everybody: nothing but its mount keeps a job from that.
    static let rootfs = Result { try makeRoot("rootfs") }

    /// Roots for the positive controls: the same, with what the rootfs must not have, and writable.
    static let control = Result { try makeControl("control") }
    static let filtered = Result { try makeControl("filtered") }

    private static func makeControl(_ name: String) throws -> String {
        let root = try makeRoot(name)
        let files = ["vda", "kmsg", "fuse", "tty", "mem", "kvm", "loop-control"].map { "dev/\($0)" }
        for name in files + ["etc/shadow", "etc/passwd", "host-file", "in/input", "in/written"] {
            try write("\(root)/\(name)", mode: 0o666)
        }
        guard chmod("\(root)/in/input", 0o777) == 0 else { throw Fault("chmod: \(errno)") }
        try FileManager.default.createDirectory(atPath: "\(root)/sys/fs/cgroup", withIntermediateDirectories: true)
        for (name, minor) in [("null", 3), ("urandom", 9)] {
            guard mknod("\(root)/dev/\(name)", S_IFCHR | 0o666, 1 << 8 | dev_t(minor)) == 0 else {
                throw Fault("mknod: \(errno)")
            }
        }
        return root
    }

    /// A sealed image of the rootfs; nil where no squashfs can be made.
    static let image: String? = {
        guard let root = try? rootfs.get(), FileManager.default.isExecutableFile(atPath: "/usr/bin/mksquashfs") else {
            return nil
        }
        let path = "\(folder)/rootfs.squashfs"
        let made = try? Probe.call("/usr/bin/mksquashfs", [root, path, "-quiet", "-no-progress", "-noappend"])
        return made?.status == 0 ? path : nil
    }()

    /// An input of the host that everybody might write and execute.
    static func input() throws -> String {
        let path = "\(folder)/input-\(UUID().uuidString)"
        try write(path, mode: 0o777)
        return path
    }

    static func write(_ path: String, mode: mode_t, _ text: String = "x") throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        guard chmod(path, mode) == 0 else { throw Fault("chmod \(path): \(errno)") }
    }

    private static func makeRoot(_ name: String) throws -> String {
        let root = "\(folder)/\(name)"
        for place in ["bin", "dev", "proc", "tmp", "in", "out", "mnt", "open", "etc"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(place)", withIntermediateDirectories: true)
        }
        try write("\(root)/open/file", mode: 0o666)
        try write("\(root)/root-of-tests", mode: 0o444)
        try FileManager.default.copyItem(atPath: Probe.beside("hostile"), toPath: "\(root)/bin/hostile")
        try FileManager.default.copyItem(atPath: Probe.beside("hostile"), toPath: "\(root)/bin/setuid")
        guard chmod("\(root)/open", 0o777) == 0, chmod("\(root)/bin/setuid", 0o6755) == 0 else {
            throw Fault("chmod: \(errno)")
        }
        return root
    }
}

struct Fault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
