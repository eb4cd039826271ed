internal import Linux

/// One hierarchy of control groups, and where this process's own group stands in it.
package struct GroupHierarchy: Hashable, Sendable {
    package enum Version: String, Sendable { case v1, v2 }

    package let version: Version
    /// The folder of our own group: everything that we make is below it, so that our own limits hold for it, too.
    package let own: String
    /// v1: the controllers mounted together here. v2: those that our own group may hand on.
    package let controllers: Set<String>

    /// The name of the leaf that a supervisor in v2 may have to move into, so that its own group can hand on controllers.
    static let leaf = "aibom-supervisor"
}

/// A line of /proc/self/mountinfo about a control group mount: proc_pid_mountinfo(5).
struct GroupMount {
    let version: GroupHierarchy.Version
    /// The group that the mount shows at its mount point; "/" but in a container.
    let root: String
    let point: String
    /// The options of the file system; in v1 they name its controllers.
    let options: Set<String>

    /// nil when the line is about another file system, or the mount is read-only, as in most containers: there is nothing to
    /// be made in it.
    init?(line: Substring) {
        let fields = line.split(separator: " ")
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
        switch fields[dash + 1] {
        case "cgroup": version = .v1
        case "cgroup2": version = .v2
        default: return nil
        }
        root = Self.unescape(fields[3])
        point = Self.unescape(fields[4])
        options = Set(fields[dash + 3].split(separator: ",").map(String.init))
        guard !options.contains("ro"), !fields[5].split(separator: ",").contains("ro") else { return nil }
    }

    /// The folder of the group `path` of /proc/self/cgroup, seen through this mount; nil when it is not below its root.
    func folder(of path: String) -> String? {
        let inside: Substring
        if root == "/" {
            inside = path == "/" ? "" : path[...]
        } else if path == root || path.hasPrefix(root + "/") {
            inside = path.dropFirst(root.count)
        } else {
            return nil
        }
        // "/../x": our group is outside of our cgroup namespace (cgroup_namespaces(7)).
        guard !inside.split(separator: "/").contains("..") else { return nil }
        return point + inside
    }

    /// Undoes `\040` and its like, by which the kernel writes blanks, tabs, newlines and backslashes.
    private static func unescape(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
