internal import CLinux
internal import Linux
package import Policy
package import Sandbox

/// The policies that can be named: those compiled in, and files by path.
package enum PolicyCatalogue {
    /// Policies that are part of the program, so that its digest covers them.
    private static let builtIn: [(name: String, source: [UInt8])] = [
        ("strict", PackageResources.strict_json), ("gpu", PackageResources.gpu_json),
        ("open", PackageResources.open_json),
    ]

    package static var names: [String] { builtIn.map(\.name) }

    /// Reads and compiles a policy.
    ///
    /// - Parameter name: a built-in name, or a path with a `/` in it.
    /// - Returns: the policy, ready for jobs.
    /// - Throws: `CatalogueError` naming the policy and what is wrong with it.
    package static func policy(_ name: String) throws(CatalogueError) -> ConfinedPolicy {
        let source = try source(name)
        do throws(PolicyError) {
            return try ConfinedPolicy(try Policy(parsing: source, on: .thisHost))
        } catch {
            throw .badPolicy(name: name, error)
        }
    }

    /// Checks a policy, or a container engine's profile that stands alone.
    ///
    /// - Parameter name: a built-in name, or a path with a `/` in it.
    /// - Returns: what is wrong or doubtful in it; a file that is no policy at all is a finding too.
    /// - Throws: `CatalogueError` when there is no such policy or the file can't be read.
    package static func check(_ name: String) throws(CatalogueError) -> PolicyCheck {
        PolicyCheck(try source(name), on: .thisHost)
    }

    private static func source(_ name: String) throws(CatalogueError) -> [UInt8] {
        if let known = builtIn.first(where: { $0.name == name }) { return known.source }
        guard name.contains("/") else { throw .unknownPolicy(name: name, known: names) }
        return try reading { () throws(LinuxError) in
            try OwnedDescriptor.open(name, flags: O_RDONLY, stage: "open policy").readAll(limit: 1 << 20)
        }
    }
}
