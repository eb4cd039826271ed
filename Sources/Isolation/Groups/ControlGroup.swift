internal import CLinux
package import Linux
internal import SystemPackage

/// One job's control group: a folder in each hierarchy that is used, with exactly one owner, used once.
///
/// When the owner goes, what is in it is killed and its folders are removed. What can't be removed then goes with the
/// folder of this process, at the latest in the sweep of the next one.
///
/// A child comes into it at its clone (`folder`) and by its own first steps (`joins`); never by a pid that we write: that
/// waits for a grace period of the kernel, about 10 ms, where a thread that moves itself waits for nothing.
package struct ControlGroup: ~Copyable, Sendable {
    private let groups: ControlGroups
    /// v2 first.
    private let folders: [GroupFolder]
    let places: GroupPlaces
    private let unified: HeldFolder?
    private let tasks: [Join]
    private var isRemoved = false

    /// An open `tasks` file of v1.
    private final class Join: Sendable {
        let controllers: String
        let file: OwnedDescriptor

        init(_ folder: GroupFolder) throws(LinuxError) {
            controllers = folder.hierarchy.controllers.sorted().joined(separator: ",")
            file = try folder.open("tasks", flags: O_WRONLY).raised()
        }
    }

    init(in groups: ControlGroups) throws(LinuxError) {
        let name = ControlGroups.random()
        let folders = groups.parents.map { parent in
            GroupFolder(hierarchy: parent.folder.hierarchy, above: parent.lock, name: name)
        }
        var unified: HeldFolder?
        var tasks: [Join] = []
        do throws(LinuxError) {
            for folder in folders {
                try folder.make()
                switch folder.hierarchy.version {
                case .v2: unified = try folder.open()
                case .v1: tasks.append(try Join(folder))
                }
            }
        } catch {
            for folder in folders { try? folder.remove() }
            throw error
        }
        self.groups = groups
        self.folders = folders
        places = GroupPlaces(
            folders: groups.places.compactMapValues { parent in
                folders.first { $0.hierarchy == parent.hierarchy }
            })
        self.unified = unified
        self.tasks = tasks
    }

    deinit {
        guard !isRemoved else { return }
        try? folders.kill(within: .seconds(5))
        for folder in folders { try? folder.remove() }
    }

    /// The raw descriptor of the v2 folder, for CLONE_INTO_CGROUP (clone(2)); nil without v2.
    package var folder: Int32? { unified?.descriptor.raw }

    /// For each v1 folder the names of its controllers and the raw descriptor of its `tasks`, open for writing: the child
    /// writes "0" to it while it has one thread.
    package var joins: [(controller: String, tasks: Int32)] { tasks.map { ($0.controllers, $0.file.raw) } }

    /// Whether no process is left in it. A dead one that nobody has waited for does not count.
    package borrowing func isEmpty() throws(LinuxError) -> Bool { try folders.firstPopulated() == nil }

    /// Kills every process in it, frozen or not, and waits until it is empty.
    ///
    /// - Parameter limit: how long to wait; the thread sleeps meanwhile.
    /// - Throws: `LinuxError` with ETIMEDOUT when a process is left.
    package borrowing func kill(within limit: Duration = .seconds(5)) throws(LinuxError) {
        try folders.kill(within: limit)
    }

    /// Removes the folders of an empty group.
    ///
    /// - Throws: `LinuxError` with EBUSY and the path when something lives in it; that is killed then, as if the owner had
    ///   gone without a word.
    package consuming func remove() throws(LinuxError) {
        for folder in folders { try folder.remove() }
        isRemoved = true
    }

    /// The folders, for a log or an operator.
    package var paths: [String] { folders.map(\.path) }
}
