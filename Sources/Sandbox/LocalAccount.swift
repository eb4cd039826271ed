internal import Glibc
internal import Linux
internal import SystemPackage

/// The accounts of /etc/passwd and /etc/group; a network directory is not asked.
package enum LocalAccount {
    /// - Returns: the uid of a user by name; nil where there is none.
    package static func user(named name: String) throws(SandboxError) -> UInt32? {
        try lines(of: "/etc/passwd").first { $0.name == name }?.id
    }

    /// - Returns: every uid and gid.
    static func ids() throws(SandboxError) -> Set<UInt32> {
        var ids: Set<UInt32> = []
        for path in ["/etc/passwd", "/etc/group"] { ids.formUnion(try lines(of: path).map(\.id)) }
        return ids
    }

    private static func lines(of path: String) throws(SandboxError) -> [(name: String, id: UInt32)] {
        let bytes = try preparing { () throws(LinuxError) in
            try OwnedDescriptor.open(path, flags: O_RDONLY).readAll(limit: 16 << 20)
        }
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count > 2, let id = UInt32(String(decoding: fields[2], as: UTF8.self)) else { return nil }
            return (String(decoding: fields[0], as: UTF8.self), id)
        }
    }
}
