internal import Glibc

/// The users that this host knows by name.
package enum HostUsers {
    /// The user id of `name`: getpwnam_r(3), so wherever the host's nsswitch.conf says that users are.
    ///
    /// - Returns: nil when there is no such user, or it can't be found out.
    package static func number(of name: String) -> UInt32? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        let capacity = 64 << 10
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: capacity)
        defer { text.deallocate() }
        guard getpwnam_r(name, &entry, text, capacity, &found) == 0, found != nil else { return nil }
        return entry.pw_uid
    }
}
