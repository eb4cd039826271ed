internal import Glibc
package import Linux
internal import SystemPackage

/// The socket that users come in by: made here, or passed by whoever started us (sd_listen_fds(3)).
package enum ListeningSocket {
    static func take(
        _ passed: consuming OwnedDescriptor?, or address: ListenAddress
    ) throws(StartError) -> OwnedDescriptor {
        if let passed { return passed }
        return try open(address)
    }

    private static func open(_ address: ListenAddress) throws(StartError) -> OwnedDescriptor {
        let family = address.host.contains(":") ? AF_INET6 : AF_INET
        let raw = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw failure("make socket", address) }
        let made = OwnedDescriptor(owning: raw)
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &yes, size) == 0,
            family == AF_INET || setsockopt(raw, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, size) == 0
        else { throw failure("set up socket", address) }
        guard bind(raw, address, family) == 0 else { throw failure("bind", address) }
        guard listen(raw, 1024) == 0 else { throw failure("listen", address) }
        do throws(LinuxError) { return try made.raised() } catch { throw .system(error, remedy: "look at ulimit -n") }
    }

    /// The one socket that systemd passed to this process, if it did.
    ///
    /// - Parameter environment: the value of a variable.
    /// - Returns: the socket, at a number of 10 or above; nil where none was passed.
    /// - Throws: `StartError` when more or something else was passed.
    package static func passed(_ environment: (String) -> String?) throws(StartError) -> OwnedDescriptor? {
        guard environment("LISTEN_PID").flatMap(Int32.init) == getpid(), let count = environment("LISTEN_FDS") else {
            return nil
        }
        var listens: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard count == "1", getsockopt(3, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0, listens == 1 else {
            throw .refused(
                "LISTEN_FDS does not pass one listening socket", remedy: "have one ListenStream= in the socket unit")
        }
        do throws(LinuxError) { return try OwnedDescriptor(owning: 3).raised() } catch {
            throw .system(error, remedy: "look at ulimit -n")
        }
    }

    static func port(of socket: CInt) -> UInt16 {
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        // The port lies at the same place in both families' addresses.
        let answer = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(socket, $0.baseAddress, &size) }
        }
        return answer == 0 ? UInt16(bigEndian: address.sin6_port) : 0
    }

    private static func bind(_ socket: CInt, _ address: ListenAddress, _ family: Int32) -> Int32 {
        if family == AF_INET6 {
            var place = sockaddr_in6()
            place.sin6_family = sa_family_t(AF_INET6)
            place.sin6_port = address.port.bigEndian
            inet_pton(AF_INET6, address.host, &place.sin6_addr)
            return bind(socket, &place)
        }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = address.port.bigEndian
        inet_pton(AF_INET, address.host, &place.sin_addr)
        return bind(socket, &place)
    }

    private static func bind<Address>(_ socket: CInt, _ address: inout Address) -> Int32 {
        withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Glibc.bind(socket, $0.baseAddress, socklen_t(bytes.count))
            }
        }
    }

    private static func failure(_ stage: String, _ address: ListenAddress) -> StartError {
        .system(
            LinuxError(stage: stage, errno: Errno(rawValue: Glibc.errno), path: address.description),
            remedy: "see what else serves there, or name another address")
    }
}
