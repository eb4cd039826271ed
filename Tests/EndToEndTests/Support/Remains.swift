import Foundation
import Testing

/// What a daemon has on this host besides its jobs' records: everything that a job could leave behind.
struct Remains: Equatable, CustomStringConvertible {
    /// Names of the processes below it.
    let processes: [String]
    /// Mount points in its mount namespace, without those of the rootfs images, which stay for the next job.
    let mounts: [String]
    /// Loop devices on images of its cache, more than one for an image.
    let spareLoops: Int
    /// Files of its state folder that are neither stored blobs, nor the audit log, nor the store's own.
    let state: [String]
    let runtime: [String]
    /// Without those of the database, whose pool of readers grows with use up to its size.
    let descriptors: Int

    init(of daemon: Daemon) async throws {
        let pid = try #require(await daemon.pid)
        processes = Host.descendants(of: pid).map(\.name).sorted()
        mounts = Host.mountPoints(seenBy: pid).filter { !$0.contains("/mnt/rootfs-") }.sorted()
        let images = Host.loopImages(below: daemon.cache)
        spareLoops = images.count - Set(images).count
        state = files(below: daemon.state).filter { !Self.isStored($0) }
        runtime = files(below: daemon.runtime)
        descriptors = Host.openFiles(of: pid).count { !$0.contains("/jobs.sqlite") }
    }

    private static func isStored(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        if path.hasPrefix("jobs.sqlite") { return true }
        // The audit log tells of everything that a test does, so it grows.
        if parts.first == "audit" || ["audit.head", ".audit.head.new"].contains(path) { return true }
        return parts.starts(with: ["blobs", "sha256"]) && (parts.count < 4 || parts.last?.count == 64)
    }

    var description: String {
        "processes \(processes), mounts \(mounts), spare loops \(spareLoops), state \(state), runtime \(runtime), "
            + "descriptors \(descriptors)"
    }
}

extension Daemon {
    /// Runs `body` and expects that afterwards nothing is here that was not here before.
    ///
    /// What ends by itself soon, such as the connection of a command that has ended, gets the time for it.
    nonisolated func leavesNothing(
        location: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async throws {
        let before = try await Remains(of: self)
        try await body()
        var after = before
        let isClean = try await eventually(within: .seconds(5), every: .milliseconds(50)) {
            after = try await Remains(of: self)
            return after.isNoMore(than: before)
        }
        #expect(isClean, "before: \(before)\nafter:  \(after)", sourceLocation: location)
    }
}

extension Remains {
    /// Fewer descriptors are none left behind.
    func isNoMore(than earlier: Remains) -> Bool {
        processes == earlier.processes && mounts == earlier.mounts && spareLoops == earlier.spareLoops
            && state == earlier.state && runtime == earlier.runtime && descriptors <= earlier.descriptors
    }
}

/// The host, as /proc and /sys tell it.
enum Host {
    struct Process: Hashable {
        let pid: pid_t
        let name: String
        /// In clock ticks since the boot: with the pid it names a process for good.
        let start: String
    }

    private static func entries() -> [(process: Process, parent: pid_t, session: pid_t)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.compactMap { pid in
            guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")")
            else { return nil }
            let fields = text[close...].split(separator: " ")
            // A zombie is dead: whoever it was left to has not asked for its status yet.
            guard fields.count > 20, fields[1] != "Z", let parent = pid_t(fields[2]), let session = pid_t(fields[4])
            else { return nil }
            let name = String(text[text.index(after: open)..<close])
            return (Process(pid: pid, name: name, start: String(fields[20])), parent, session)
        }
    }

    /// A process that has not left the session of its ancestor is there, even when it has lost every other relative.
    static func processes(inSession session: pid_t) -> [Process] {
        entries().filter { $0.session == session }.map(\.process)
    }

    static func descendants(of ancestor: pid_t) -> [Process] {
        let all = entries()
        var found: [Process] = []
        var parents: Set<pid_t> = [ancestor]
        while !parents.isEmpty {
            let children = all.filter { parents.contains($0.parent) }.map(\.process)
            found += children
            parents = Set(children.map(\.pid))
        }
        return found
    }

    /// All of its CPUs: a job that asks for them runs alone.
    static var millicores: Int { ProcessInfo.processInfo.activeProcessorCount * 1000 }

    /// Those of `pids` that live.
    static func living(_ pids: Set<pid_t>) -> [Process] { entries().map(\.process).filter { pids.contains($0.pid) } }

    static func living(_ processes: [Process]) -> [Process] {
        let all = Set(entries().map(\.process))
        return processes.filter(all.contains)
    }

    /// What the descriptors of a process stand for.
    static func openFiles(of pid: pid_t) -> [String] {
        let folder = "/proc/\(pid)/fd"
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return numbers.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
    }

    static func mountPoints(seenBy pid: pid_t) -> [String] {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/mountinfo", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            return fields.count > 4 ? String(fields[4]) : nil
        }
    }

    /// The images below `folder` that a loop device stands on, once for each device.
    static func loopImages(below folder: String) -> [String] {
        let devices = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/block")) ?? []
        return devices.filter { $0.hasPrefix("loop") }.compactMap { device in
            try? String(contentsOfFile: "/sys/block/\(device)/loop/backing_file", encoding: .utf8)
        }.map { $0.trimmingCharacters(in: .newlines) }.filter { $0.hasPrefix(folder + "/") }
    }
}
