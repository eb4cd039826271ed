internal import CLinux
internal import Linux
internal import SystemPackage

extension GroupFolder {
    /// Whether no process is left in it. A dead one that nobody has waited for is not in it any more.
    func isEmpty() throws(LinuxError) -> Bool {
        switch hierarchy.version {
        case .v2: try table("cgroup.events")["populated"] != 1
        case .v1: try (read("tasks") ?? "").isEmpty
        }
    }

    /// Sends SIGKILL to every process in it; in v2 to all below it as well, and to those that are being forked.
    ///
    /// In v1, and before Linux 5.14, a process that is forked meanwhile is missed: the caller comes again until it is empty.
    func signalMembers() throws(LinuxError) {
        if hierarchy.version == .v2, try writeIfThere("1", to: "cgroup.kill") { return }
        let suspects = try processes().compactMap(Suspect.init)
        // The pid of a dead member may be anybody's before we have opened it. Whoever is still listed now is the one that we
        // opened, or that one is dead; so no outsider is hit.
        let members = Set(try processes())
        for suspect in suspects where members.contains(suspect.pid) { suspect.kill() }
    }

    /// Takes the folder away. A task that is just exiting keeps it busy for a moment.
    ///
    /// - Throws: `LinuxError` with EBUSY when something lives in it or below it.
    func remove() throws(LinuxError) {
        var attempts = 100
        while true {
            do {
                return try above.descriptor.removeFolder(name)
            } catch  where error.errno == .resourceBusy && attempts > 0 {
                attempts -= 1
                OwnProcess.pause(microseconds: 1000)
            }
        }
    }

    /// The pids in it; 0 stands for a process outside of our pid namespace and is left out.
    func processes() throws(LinuxError) -> [Int32] {
        try (read("cgroup.procs") ?? "").split(separator: "\n").compactMap { Int32($0) }.filter { $0 > 0 }
    }

    /// The folders below it, each before those above it.
    func descendants() throws(LinuxError) -> [GroupFolder] {
        let folder = try open()
        var list: [GroupFolder] = []
        for name in try folder.descriptor.names(limit: 100_000) {
            let child = GroupFolder(
                hierarchy: hierarchy, above: folder, name: String(decoding: name, as: UTF8.self))
            guard (try? child.open()) != nil else { continue }  // a file
            list += try child.descendants() + [child]
        }
        return list
    }
}

/// A process that was in a group when it was listed.
private final class Suspect {
    let pid: Int32
    private let pidfd: OwnedDescriptor

    /// nil when it has ended.
    init?(_ pid: Int32) {
        guard let pidfd = try? Kernel.call("open pidfd", Int(SYS_pidfd_open), UInt64(argument: pid), 0) else {
            return nil
        }
        self.pid = pid
        self.pidfd = OwnedDescriptor(owning: Int32(pidfd))
    }

    func kill() {
        _ = try? Kernel.call(
            "kill", Int(SYS_pidfd_send_signal), UInt64(argument: pidfd.raw), UInt64(argument: SIGKILL), 0, 0)
    }
}

extension [GroupFolder] {
    /// Kills what is in them and waits until nothing is.
    ///
    /// - Throws: `LinuxError` with ETIMEDOUT when something is left after `limit`: a process that waits for a device or a
    ///   dead network file system can't be killed.
    func kill(within limit: Duration) throws(LinuxError) {
        let deadline = ContinuousClock.now + limit
        var round = 0
        while let populated = try firstPopulated() {
            guard ContinuousClock.now < deadline else {
                throw LinuxError(stage: "empty control group", errno: .timedOut, path: populated.path)
            }
            // Who forks faster than we kill is stopped by a limit of none. Not at once: refused forks are counted.
            if round >= 8 { for folder in self { _ = try folder.writeIfThere("0", to: "pids.max") } }
            for folder in self { try folder.signalMembers() }
            OwnProcess.pause(microseconds: Swift.min(100 << round, 5000))
            round += 1
        }
    }

    /// The first that is not empty.
    func firstPopulated() throws(LinuxError) -> GroupFolder? {
        for folder in self where try !folder.isEmpty() { return folder }
        return nil
    }
}
