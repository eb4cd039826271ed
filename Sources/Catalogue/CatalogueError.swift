package import Linux
package import Policy
package import Sandbox

/// Why a policy or a rootfs that was asked for can't be had.
package enum CatalogueError: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownPolicy(name: String, known: [String])
    case badPolicy(name: String, PolicyError)
    case unknownRootfs(name: String, folder: String)
    case badManifest(path: String, problem: String)
    case imageChanged(path: String, expected: String, found: String)
    case unsafe(path: String, problem: String)
    case unreadable(LinuxError)
    case unusable(SandboxError)

    package var description: String {
        switch self {
        case .unknownPolicy(let name, let known):
            "there is no policy \(name); known: \(known.joined(separator: ", ")), or give a file with a / in its path"
        case .badPolicy(let name, let error): "policy \(name): \(error)"
        case .unknownRootfs(let name, let folder):
            "there is no rootfs \(name) in \(folder); build it with: aibom rootfs build \(name)"
        case .badManifest(let path, let problem): "rootfs manifest \(path): \(problem); build the rootfs again"
        case .imageChanged(let path, let expected, let found):
            "rootfs image \(path) has sha256 \(found), its manifest says \(expected); build the rootfs again"
        case .unsafe(let path, let problem): "\(path) \(problem); it must be root's and writable by nobody else"
        case .unreadable(let error): error.description
        case .unusable(let error): error.description
        }
    }
}

/// Runs `body`, with a failure of the kernel's as an unreadable file.
func reading<Answer: ~Copyable>(_ body: () throws(LinuxError) -> Answer) throws(CatalogueError) -> Answer {
    do throws(LinuxError) { return try body() } catch { throw .unreadable(error) }
}
