internal import API
internal import ArgumentParser
internal import Linux
internal import Settings

/// Who may talk to the supervisor beside root, by the numbers that the kernel will tell.
struct Admission: Sendable {
    let users: Set<UInt32>
    let gateway: Gateway?

    /// - Throws: `ValidationError` for a user that this host does not know: to go on without one would lock it out, to take
    ///   another's number would let that one in.
    init(_ settings: Settings) throws {
        users = Set(try settings.access.users.map { try Self.number(of: $0, "access.users") })
        gateway = try Self.gateway(settings.gateway)
    }

    /// The default's user is there once the gateway was installed; a user that an operator named must be there.
    private static func gateway(_ settings: Settings.Gateway) throws -> Gateway? {
        if settings.user == Settings.Gateway().user, HostUsers.number(of: settings.user) == nil { return nil }
        let uid = try number(of: settings.user, "gateway.user")
        guard let gateway = Gateway(uid: uid, mayState: Set(settings.mayState)) else {
            throw ValidationError("gateway.user is root; run the gateway as a user of its own, such as aibom-gateway")
        }
        return gateway
    }

    private static func number(of name: String, _ key: String) throws -> UInt32 {
        if let number = UInt32(name) { return number }
        guard let number = HostUsers.number(of: name) else {
            throw ValidationError(
                "\(key): this host has no user \(name); make it (systemd-sysusers), or give its number")
        }
        return number
    }
}
