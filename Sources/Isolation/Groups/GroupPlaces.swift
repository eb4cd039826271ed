package import Linux

/// One group's folder for each controller: what limits are written to and usage is read from.
///
/// Controllers that are mounted together, and all of v2, have one folder.
struct GroupPlaces: Sendable {
    /// A controller that no hierarchy has is not in it.
    let folders: [GroupController: GroupFolder]
}

extension ControlGroup {
    /// Sets the limits, before anything runs in the group, and reads each back: what the kernel did not take as it was
    /// meant is no limit.
    ///
    /// - Throws: `LinuxError` naming the controller and what to do when memory, pids or cpu is missing: a group that
    ///   can't limit these confines nothing. Else with the file's path. The I/O weight is set where it can be;
    ///   `ControlGroups.findings` says where they can't.
    package borrowing func limit(_ limits: GroupLimits) throws(LinuxError) { try places.limit(limits) }

    /// What was used so far; after the death of the last process, in all.
    ///
    /// - Throws: `LinuxError` when a file that is there can't be read.
    package borrowing func usage() throws(LinuxError) -> GroupUsage { try places.usage() }
}
