internal import CLinux
package import Linux
internal import SystemPackage

extension OwnProcess {
    /// Refuses to go on beside another thread: what a thread gives up (namespaces, capabilities, a system call filter) the others
    /// keep, and every one of them shares its memory.
    ///
    /// - Throws: `LinuxError`, EBUSY when there is more than one.
    package static func requireOneThread() throws(LinuxError) {
        let tasks = try OwnedDescriptor.open("/proc/self/task", flags: O_RDONLY | O_DIRECTORY, stage: "count threads")
        guard try tasks.names(limit: 4096).count == 1 else {
            throw LinuxError(stage: "count threads: more than one", errno: .resourceBusy)
        }
    }

    /// Ends with the process that started this one: PR_SET_PDEATHSIG(2const). A change of uid clears it, so call it after that.
    package static func dieWithParent() throws(LinuxError) {
        try Kernel.call("die with parent", Int(SYS_prctl), UInt64(PR_SET_PDEATHSIG), UInt64(SIGKILL))
    }

    /// Closes every descriptor from `first` on but those that are named, whoever opened it.
    ///
    /// - Parameters:
    ///   - first: what is below stays.
    ///   - kept: what stays above.
    /// - Throws: `LinuxError` of close_range(2).
    package static func closeDescriptors(from first: UInt32, except kept: [Int32]) throws(LinuxError) {
        var next = first
        for descriptor in kept.map({ UInt32(bitPattern: $0) }).sorted() where descriptor >= next {
            if descriptor > next {
                try Kernel.call("close descriptors", Int(SYS_close_range), UInt64(next), UInt64(descriptor - 1), 0)
            }
            next = descriptor + 1
        }
        try closeDescriptors(from: next)
    }
}
