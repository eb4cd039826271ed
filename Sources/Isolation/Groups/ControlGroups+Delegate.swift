internal import CLinux
internal import Linux
internal import SystemPackage

/// Handing v2 controllers down: `cgroup.subtree_control` of every group above a job's (admin-guide/cgroup-v2).
extension ControlGroups {
    /// Lets the children of our own group have the controllers.
    ///
    /// A group that hands controllers on may hold no process itself ("no internal process constraint"; only the root of
    /// the hierarchy may). Where the kernel says so, this process moves into a leaf below its own group first, as systemd's
    /// DelegateSubgroup= would have put it.
    ///
    /// - Throws: `LinuxError` with EBUSY when others are in our own group: they are not ours to move.
    static func delegate(
        _ hierarchy: GroupHierarchy, from own: HeldFolder, also extra: Set<String>
    ) throws(LinuxError) {
        let folder = GroupFolder(hierarchy: hierarchy, above: own, name: ".")
        do {
            try enable(hierarchy, in: folder, also: extra)
        } catch  where error.errno == .resourceBusy {
            try moveIntoLeaf(folder)
            try enable(hierarchy, in: folder, also: extra)
        }
    }

    /// Adds to `cgroup.subtree_control` what is wanted, offered and not there yet.
    static func enable(
        _ hierarchy: GroupHierarchy, in folder: GroupFolder, also extra: Set<String>
    ) throws(LinuxError) {
        let wanted = extra.union(GroupController.allCases.compactMap(\.nameInV2)).intersection(hierarchy.controllers)
        let enabled = try (folder.read("cgroup.subtree_control") ?? "").split(separator: " ").map(String.init)
        let missing = wanted.subtracting(enabled).sorted()
        guard !missing.isEmpty else { return }
        // In one write: the kernel takes all of them or none.
        try folder.write(missing.map { "+\($0)" }.joined(separator: " "), to: "cgroup.subtree_control")
    }

    /// Moves this process, with all its threads, from our own group into a leaf of it.
    ///
    /// Safe: a leaf without limits of its own gives this process nothing and takes nothing from it, as whatever holds for
    /// our own group holds for all below it. Nobody else is moved, and nobody else can have come to rely on the place: the
    /// group held this process alone. What this process starts later starts in the leaf.
    private static func moveIntoLeaf(_ own: GroupFolder) throws(LinuxError) {
        guard try own.processes() == [OwnProcess.pid] else {
            throw LinuxError(
                stage: "hand on controllers: other processes are in this process's own control group; start it as a "
                    + "service of its own (systemd: Delegate=yes)",
                errno: .resourceBusy, path: own.above.path)
        }
        let leaf = GroupFolder(hierarchy: own.hierarchy, above: own.above, name: GroupHierarchy.leaf)
        try leaf.make()
        try leaf.write("0", to: "cgroup.procs")
    }
}
