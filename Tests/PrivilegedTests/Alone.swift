import Foundation
import Glibc
import Isolation
import JSON
import Linux

/// Runs a probe that counts in a mount namespace and in control groups in which nobody else makes or removes anything: other
/// tests, and other supervisors of this host, work at the same time.
enum Alone {
    static func scenario(
        _ name: String, _ options: [String], program: [String] = ["/bin/hostile", "identity"]
    ) throws -> JSON {
        let groups = try makeGroups()
        defer { for group in groups { remove(group) } }
        // The probe's parent is in the same mount namespace: it stands for the host there. In the groups there is only the
        // probe; a supervisor that shares its own looks for another.
        let enter = "while [ \"$1\" != -- ]; do echo $$ > \"$1/cgroup.procs\"; shift; done; shift; exec \"$@\""
        let arguments = try Probe.arguments(name, nil, options, program)
        return try Probe.document(
            try Probe.call(
                "/usr/bin/unshare",
                ["--mount", "--fork", "/bin/sh", "-ec", enter, "sh"] + groups + ["--", Probe.beside("sandbox-probe")]
                    + arguments))
    }

    /// With what a probe leaves in it to the next supervisor's sweep.
    private static func remove(_ group: String) {
        _ = Host.eventually(within: 2) {
            _ = try? Probe.call("/usr/bin/find", [group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"])
            return access(group, F_OK) != 0
        }
    }

    private static func makeGroups() throws -> [String] {
        let name = "tests-\(UUID().uuidString)"
        return try Set(try GroupSurvey().findings.compactMap(\.path)).sorted().map { own in
            let path = "\(own)/\(name)"
            guard mkdir(path, 0o700) == 0 else { throw Fault("mkdir \(path): \(errno)") }
            return path
        }
    }
}
