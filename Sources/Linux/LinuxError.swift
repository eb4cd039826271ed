package import SystemPackage

/// A system call that failed: which stage of ours it was, what the kernel said, and the path when there is one.
package struct LinuxError: Error, Equatable, Sendable, CustomStringConvertible {
    package let stage: String
    package let errno: Errno
    package let path: String?

    package init(stage: String, errno: Errno, path: String? = nil) {
        self.stage = stage
        self.errno = errno
        self.path = path
    }

    package var description: String {
        let object = path.map { " \($0)" } ?? ""
        return "\(stage)\(object): \(errno.description.lowercased())"
    }
}
