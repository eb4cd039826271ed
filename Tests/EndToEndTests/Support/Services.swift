import Foundation
import Testing

/// Services of the host that no job may reach, one on 127.0.0.1 and one on an abstract socket. Each counts who came.
final class Services: Sendable {
    struct Visitors: Equatable {
        var loopback = 0
        var abstract = 0
    }

    let port: Int
    let name = "aibom-\(UUID().uuidString)"
    private let inet: Int32
    private let local: Int32

    init() throws {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        inet = socket(AF_INET, type, 0)
        local = socket(AF_UNIX, type, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let inet = inet
        let isBound = withUnsafeMutableBytes(of: &address) { raw in
            let pointer = raw.assumingMemoryBound(to: sockaddr.self).baseAddress
            return bind(inet, pointer, size) == 0 && getsockname(inet, pointer, &size) == 0 && listen(inet, 16) == 0
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        let bytes = withUnsafeBytes(of: sa_family_t(AF_UNIX), Array.init) + [0] + Array(name.utf8)
        let local = local
        let isNamed = bytes.withUnsafeBytes {
            bind(local, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count)) == 0
                && listen(local, 16) == 0
        }
        try #require(isBound && isNamed)
    }

    deinit {
        close(inet)
        close(local)
    }

    /// Who came since this was last asked. A connection counts also when its other end is gone.
    func visitors() -> Visitors { Visitors(loopback: Self.accepted(by: inet), abstract: Self.accepted(by: local)) }

    private static func accepted(by socket: Int32) -> Int {
        var count = 0
        while true {
            let visitor = accept(socket, nil, nil)
            if visitor < 0 { return count }
            close(visitor)
            count += 1
        }
    }
}
