internal import CLinux
internal import Glibc
internal import SystemPackage

/// The name of a Unix socket: a path, or `@` and a name that no folder has (unix(7), abstract).
package struct UnixAddress: Sendable, Equatable {
    /// `struct sockaddr_un` as far as it is used: the family in two bytes, then the name.
    fileprivate let bytes: [UInt8]
    private let text: String

    /// - Throws: `LinuxError` with ENAMETOOLONG when the kernel can't hold the name, EINVAL when it is empty or has a NUL.
    package init(_ text: String) throws(LinuxError) {
        var name = Array(text.utf8)
        guard !name.isEmpty, !name.contains(0) else {
            throw LinuxError(stage: "address socket", errno: .invalidArgument, path: Display.name(name))
        }
        guard name.count < 108 else {
            throw LinuxError(stage: "address socket", errno: .fileNameTooLong, path: Display.name(name))
        }
        if name[0] == UInt8(ascii: "@") { name[0] = 0 } else { name.append(0) }
        bytes = withUnsafeBytes(of: UInt16(AF_UNIX), Array.init) + name
        self.text = text
    }

    fileprivate func call(
        _ stage: String, _ body: (UInt64, UInt64) throws(LinuxError) -> Void
    ) throws(LinuxError) {
        do throws(LinuxError) {
            try bytes.span.withUnsafeBytes { buffer throws(LinuxError) in
                try body(UInt64(argument: buffer.baseAddress), UInt64(buffer.count))
            }
        } catch {
            throw LinuxError(stage: stage, errno: error.errno, path: Display.name(Array(text.utf8)))
        }
    }
}

extension OwnedDescriptor {
    /// A Unix socket that sends whole messages and waits for nobody to take them.
    package static func datagramSocket() throws(LinuxError) -> OwnedDescriptor {
        try socket(UInt64(SOCK_DGRAM.rawValue))
    }

    /// The same, for one receiver only and above the descriptors that a tape assigns: write(2) sends, and fails at once when the
    /// receiver can take no more.
    package static func datagramSocket(to address: UnixAddress) throws(LinuxError) -> OwnedDescriptor {
        let made = try socket(UInt64(SOCK_DGRAM.rawValue) | UInt64(SOCK_NONBLOCK.rawValue))
        try made.connect(to: address)
        return try made.raised()
    }

    /// A Unix socket connected to the one that listens at `address`.
    package static func connected(to address: UnixAddress) throws(LinuxError) -> OwnedDescriptor {
        let descriptor = try socket(UInt64(SOCK_STREAM.rawValue))
        try descriptor.connect(to: address)
        return descriptor
    }

    private borrowing func connect(to address: UnixAddress) throws(LinuxError) {
        let descriptor = raw
        try address.call("connect") { name, length throws(LinuxError) in
            try Kernel.call("connect", Int(SYS_connect), UInt64(argument: descriptor), name, length)
        }
    }

    /// Gives the socket a name, at which others find it.
    package borrowing func bind(to address: UnixAddress) throws(LinuxError) {
        let descriptor = raw
        try address.call("bind") { name, length throws(LinuxError) in
            try Kernel.call("bind", Int(SYS_bind), UInt64(argument: descriptor), name, length)
        }
    }

    /// Sends one message to the socket at `address`; fails at once when that can take no more.
    package borrowing func send(_ bytes: [UInt8], to address: UnixAddress) throws(LinuxError) {
        let descriptor = raw
        try address.call("send message") { name, length throws(LinuxError) in
            try bytes.span.withUnsafeBytes { buffer throws(LinuxError) in
                _ = try Kernel.call(
                    "send message", Int(SYS_sendto), UInt64(argument: descriptor),
                    UInt64(argument: buffer.baseAddress), UInt64(buffer.count),
                    UInt64(MSG_NOSIGNAL) | UInt64(CL_MSG_DONTWAIT), name, length)
            }
        }
    }

    private static func socket(_ kind: UInt64) throws(LinuxError) -> OwnedDescriptor {
        let raw = try Kernel.call(
            "make socket", Int(SYS_socket), UInt64(argument: AF_UNIX), kind | UInt64(SOCK_CLOEXEC.rawValue), 0)
        return OwnedDescriptor(owning: Int32(raw))
    }
}
