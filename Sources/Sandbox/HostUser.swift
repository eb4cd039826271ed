internal import CLinux
internal import Linux
internal import SystemPackage

/// A host uid that exactly one job has, for as long as this owner lives.
///
/// Never host uid 0, never an account's, never shared: RLIMIT_NPROC counts by it, signals and ptrace stop at it. The range
/// lies in the part that systemd's UIDS-GIDS document leaves unused. A lock on the uid's byte of one file (fcntl(2), "Open file
/// description locks") holds it against every other process of ours and frees itself when its holder dies.
package struct HostUser: ~Copyable {
    package static let range: Range<UInt32> = 2_000_000_000..<2_000_065_536

    package let id: UInt32
    private let lock: OwnedDescriptor

    /// Takes a free uid.
    ///
    /// - Parameters:
    ///   - file: the file whose bytes stand for uids; root's own.
    ///   - start: where in the range to begin looking; a rising number reuses uids as late as possible.
    /// - Returns: the uid; it is free again when the owner goes.
    /// - Throws: `SandboxError.noUser` when every one is taken.
    package static func reserve(in file: String, from start: UInt32) throws(SandboxError) -> HostUser {
        let accounts = try LocalAccount.ids()
        let count = UInt32(range.count)
        for offset in 0..<count {
            let id = range.lowerBound + (start &+ offset) % count
            guard !accounts.contains(id) else { continue }
            if let lock = try preparing({ () throws(LinuxError) in try Self.lock(file, id) }) {
                return HostUser(id: id, lock: lock)
            }
        }
        throw .noUser(range: "\(range.lowerBound)..<\(range.upperBound)")
    }

    private static func lock(_ path: String, _ id: UInt32) throws(LinuxError) -> OwnedDescriptor? {
        let file = try OwnedDescriptor.open(
            path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600, stage: "reserve uid")
        guard try file.lockByte(at: Int64(id - range.lowerBound)) else { return nil }
        return file
    }
}
