internal import Foundation
package import Linux

/// The sockets that a service manager opened for this process: sd_listen_fds(3), by hand.
package enum ListeningSockets {
    /// The descriptors, from 3 up, and how the units call them.
    package struct Inherited: Sendable, Equatable {
        package let descriptor: Int32
        package let name: String

        package init(descriptor: Int32, name: String) {
            self.descriptor = descriptor
            self.name = name
        }
    }

    /// Reads the variables, takes them out of the environment and makes the descriptors close-on-exec.
    ///
    /// Call it once, before there is a second thread. Who takes a descriptor owns it.
    package static func take() throws(LinuxError) -> [Inherited] {
        let found = parse(ProcessInfo.processInfo.environment, pid: OwnProcess.pid)
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
        for socket in found { try OwnProcess.closeOnExec(socket.descriptor) }
        return found
    }

    /// - Parameters:
    ///   - environment: the process's variables.
    ///   - pid: the process's own: variables that were meant for a parent of ours are not for us.
    /// - Returns: the descriptors; none when the variables are missing, not ours, or make no sense.
    package static func parse(_ environment: [String: String], pid: Int32) -> [Inherited] {
        guard environment["LISTEN_PID"] == String(pid),
            let count = environment["LISTEN_FDS"].flatMap(Int32.init), (1...64).contains(count)
        else { return [] }
        let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        return (0..<count).map { index in
            let name = Int(index) < names.count ? String(names[Int(index)]) : ""
            return Inherited(descriptor: 3 + index, name: name.isEmpty ? "unknown" : name)
        }
    }
}
