internal import CLinux
package import Linux
internal import SystemPackage

/// Which hierarchy has which controller for this process: read, and nothing made.
///
/// A controller is taken from cgroup v2 when our own group there may hand it on, and else from the v1 hierarchy that has it.
/// On a hybrid host both are used, each for its own.
package struct GroupSurvey: Sendable {
    /// The v2 hierarchy, if any. Without a controller it still kills, tells emptiness, counts CPU time and takes a
    /// child at its clone.
    package let unified: GroupHierarchy?
    let places: [GroupController: GroupHierarchy]
    /// v1 hierarchies with a controller that is taken from elsewhere now, or not at all: a supervisor before us may have used them.
    let unused: [GroupHierarchy]

    /// Looks at this process.
    ///
    /// - Throws: `LinuxError` when /proc can't be read.
    package init() throws(LinuxError) {
        let mounts = try OwnedDescriptor.open("/proc/self/mountinfo", flags: O_RDONLY).readAll(limit: 16 << 20)
        let membership = try OwnedDescriptor.open("/proc/self/cgroup", flags: O_RDONLY).readAll(limit: 1 << 20)
        try self.init(
            mounts: String(decoding: mounts, as: UTF8.self), membership: String(decoding: membership, as: UTF8.self))
    }

    /// Looks at what such files say; the folders that they name are looked into.
    ///
    /// - Parameters:
    ///   - mounts: in the form of /proc/self/mountinfo.
    ///   - membership: in the form of /proc/self/cgroup, `number:controllers:path` (cgroups(7)).
    /// - Throws: `LinuxError` when our own v2 group can't be read.
    package init(mounts: String, membership: String) throws(LinuxError) {
        let mounts = mounts.split(separator: "\n").compactMap(GroupMount.init)
        var groups: [String: String] = [:]
        for line in membership.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",").map(String.init)
            for controller in controllers.isEmpty ? [""] : controllers { groups[controller] = String(fields[2]) }
        }
        unified = try Self.unified(mounts, group: groups[""])
        var places: [GroupController: GroupHierarchy] = [:]
        for controller in GroupController.allCases {
            if Self.offers(unified, controller) {
                places[controller] = unified
            } else if controller != .io || IOWeight.isWorthAGroup {
                places[controller] = Self.v1(controller.nameInV1, mounts, groups)
            }
        }
        self.places = places
        unused = GroupController.allCases.compactMap { Self.v1($0.nameInV1, mounts, groups) }.reduce(into: []) {
            list, place in
            if !places.values.contains(place), !list.contains(place) { list.append(place) }
        }
    }

    /// Each controller and where it is, in a fixed order.
    package var findings: [GroupFinding] {
        GroupController.allCases.map { controller in
            let place = places[controller]
            return GroupFinding(
                controller: controller, version: place?.version, path: place?.own,
                reason: place == nil ? controller.remedy : nil)
        }
    }

    /// The v1 controllers, folder by folder, that a child joins by itself.
    package var joins: [String] {
        hierarchies.filter { $0.version == .v1 }.map { $0.controllers.sorted().joined(separator: ",") }
    }

    /// Every hierarchy that a group needs a folder in, v2 first: its kill is the one that misses nobody.
    var hierarchies: [GroupHierarchy] {
        var list = unified.map { [$0] } ?? []
        for controller in GroupController.allCases {
            guard let place = places[controller], !list.contains(place) else { continue }
            list.append(place)
        }
        return list
    }

    private static func offers(_ unified: GroupHierarchy?, _ controller: GroupController) -> Bool {
        guard let unified else { return false }
        if controller == .cpuacct { return true }
        return controller.nameInV2.map(unified.controllers.contains) ?? false
    }

    private static func unified(_ mounts: [GroupMount], group: String?) throws(LinuxError) -> GroupHierarchy? {
        guard let group else { return nil }
        // A later mount may hide an earlier one.
        guard var own = mounts.reversed().lazy.filter({ $0.version == .v2 }).compactMap({ $0.folder(of: group) }).first
        else { return nil }
        // A supervisor that was started in its leaf, or has moved there, makes its groups beside the leaf.
        let leaf = "/\(GroupHierarchy.leaf)"
        if own.hasSuffix(leaf) {
            own.removeLast(leaf.count)
        } else if let root = mounts.last(where: { $0.version == .v2 && $0.root == "/" })?.point, own != root,
            try isShared(own)
        {
            // A shell's group, say: it can't hand controllers on while others are in it, and they are not ours to move.
            // The root can, for it may hold processes of its own; our folder there is as far as we touch it.
            own = root
        }
        let offered = try OwnedDescriptor.open("\(own)/cgroup.controllers", flags: O_RDONLY).readAll(limit: 4096)
        let names = String(decoding: offered, as: UTF8.self).split { $0 == " " || $0 == "\n" }
        return GroupHierarchy(version: .v2, own: own, controllers: Set(names.map(String.init)))
    }

    /// Whether processes other than this one are in a v2 group.
    private static func isShared(_ group: String) throws(LinuxError) -> Bool {
        let list = try OwnedDescriptor.open("\(group)/cgroup.procs", flags: O_RDONLY).readAll(limit: 1 << 20)
        let members = String(decoding: list, as: UTF8.self).split(separator: "\n").compactMap { Int32($0) }
        return members.contains { $0 != OwnProcess.pid }
    }

    private static func v1(_ name: String, _ mounts: [GroupMount], _ groups: [String: String]) -> GroupHierarchy? {
        guard let group = groups[name] else { return nil }
        for mount in mounts.reversed() where mount.version == .v1 && mount.options.contains(name) {
            guard let own = mount.folder(of: group) else { continue }
            // Mounted together: the options that are also names in /proc/self/cgroup.
            let controllers = mount.options.intersection(groups.keys)
            return GroupHierarchy(version: .v1, own: own, controllers: controllers)
        }
        return nil
    }
}
