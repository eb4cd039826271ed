import Glibc
import JSON
import Linux

/// What a launch might leave behind, counted.
struct Census: Equatable {
    /// Descriptors of this process, without the one that lists them.
    let descriptors: Int
    /// Mounts of this process's namespace.
    let mounts: Int
    /// Mounts below the state folder in the namespace that this process was started in.
    let hostMounts: Int
    /// Loop devices on a file below the state folder's parent.
    let loops: Int
    /// Children of this process, dead or alive.
    let children: Int
    /// Entries of the state folder, all the way down.
    let entries: Int
    /// Folders of ours below this process's own control groups, all the way down.
    let groups: Int

    init(state: String) {
        descriptors = Self.names("/proc/self/fd").count
        mounts = Self.lines("/proc/self/mountinfo").count
        hostMounts = Self.lines("/proc/\(getppid())/mountinfo").filter { $0.contains(state) }.count
        let parent = state.split(separator: "/").dropLast().joined(separator: "/")
        let backing = Self.names("/sys/block").map { Self.lines("/sys/block/\($0)/loop/backing_file") }
        loops = backing.filter { $0.first?.contains(parent) == true }.count
        let lists = Self.names("/proc/self/task").map { Self.lines("/proc/self/task/\($0)/children") }
        children = lists.joined().reduce(0) { $0 + $1.split(separator: " ").count }
        entries = Self.count(below: state)
        groups = Self.groups()
    }

    var json: JSON {
        [
            "descriptors": .integer(Int64(descriptors)), "mounts": .integer(Int64(mounts)),
            "host mounts": .integer(Int64(hostMounts)), "loops": .integer(Int64(loops)),
            "children": .integer(Int64(children)), "entries": .integer(Int64(entries)),
            "groups": .integer(Int64(groups)),
        ]
    }

    static func names(_ path: String) -> [String] {
        guard let folder = try? OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
            let names = try? folder.names(limit: 1 << 20)
        else { return [] }
        return names.map { String(decoding: $0, as: UTF8.self) }
    }

    static func lines(_ path: String) -> [String] {
        guard let file = try? OwnedDescriptor.open(path, flags: O_RDONLY), let bytes = try? file.readAll(limit: 1 << 24)
        else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func count(below path: String) -> Int {
        names(path).reduce(0) { $0 + 1 + count(below: "\(path)/\($1)") }
    }
}
