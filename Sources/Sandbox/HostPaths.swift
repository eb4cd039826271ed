internal import CLinux
internal import Glibc
internal import Linux
internal import Policy
internal import SystemPackage

/// Files of the host by a pattern of a policy.
enum HostPaths {
    /// - Parameters:
    ///   - pattern: an absolute path whose last component may hold wildcards of glob(7).
    ///   - isRequired: whether none is an error.
    /// - Returns: absolute paths in the order of their bytes.
    /// - Throws: `SandboxError.unenforceable` when one is required and there is none.
    static func matching(_ pattern: String, isRequired: Bool) throws(SandboxError) -> [String] {
        let slash = pattern.lastIndex(of: "/") ?? pattern.startIndex
        let folder = slash == pattern.startIndex ? "/" : String(pattern[..<slash])
        let name = String(pattern[pattern.index(after: slash)...])
        let found = try list(folder).filter { fnmatch(name, $0, FNM_PERIOD) == 0 }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        guard !found.isEmpty || !isRequired else {
            throw .unenforceable(
                what: "\(pattern) is not on this host",
                remedy: "install what brings it, or choose a policy that does not lend it")
        }
        return found.map { folder == "/" ? "/\($0)" : "\(folder)/\($0)" }
    }

    /// Names that are UTF-8; no policy can name another.
    private static func list(_ folder: String) throws(SandboxError) -> [String] {
        guard OwnedDescriptor.exists(folder) else { return [] }
        let names = try preparing { () throws(LinuxError) in
            try OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY, stage: "look for lent files")
                .names(limit: 1 << 20)
        }
        return names.compactMap { String(validating: $0, as: UTF8.self) }
    }
}

/// One file or folder that a policy lends.
struct LentPath: Equatable {
    /// On the host.
    let path: String
    /// In the job, below /mnt.
    let name: String

    /// What a policy's patterns come to on this host; of two that would stand in one place the first does.
    static func all(of mounts: [Policy.Lent]) throws(SandboxError) -> [LentPath] {
        var all: [LentPath] = []
        for lent in mounts {
            let folder = lent.target.dropFirst("/mnt".count).drop { $0 == "/" }
            for path in try HostPaths.matching(lent.source, isRequired: lent.isRequired) {
                let last = path.split(separator: "/").last.map(String.init) ?? path
                let name = folder.isEmpty ? last : "\(folder)/\(last)"
                if !all.contains(where: { $0.name == name }) { all.append(LentPath(path: path, name: name)) }
            }
        }
        return all
    }
}
