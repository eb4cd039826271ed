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
        gateway = try settings.gateway.user.flatMap { name in
            Gateway(uid: try Self.number(of: name, "gateway.user"), mayState: Set(settings.gateway.mayState))
        }
        if settings.gateway.user != nil, gateway == nil {
            throw ValidationError("gateway.user is root; run the gateway as a user of its own, such as aibom-gateway")
        }
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
