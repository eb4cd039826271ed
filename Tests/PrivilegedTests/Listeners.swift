import Foundation
import Glibc

/// Services of the host that a job must not reach: a port of the loopback, and an abstract name.
final class Listeners: Sendable {
    let port: Int
    let name = "aibom-\(UUID().uuidString)"

    init() {
        let inet = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutableBytes(of: &address) { raw in
            let pointer = raw.assumingMemoryBound(to: sockaddr.self).baseAddress
            _ = bind(inet, pointer, size)
            _ = getsockname(inet, pointer, &size)
        }
        listen(inet, 16)
        port = Int(UInt16(bigEndian: address.sin_port))

        let local = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var bytes = withUnsafeBytes(of: sa_family_t(AF_UNIX), Array.init) + [0] + Array(name.utf8)
        let count = socklen_t(bytes.count)
        bytes.withUnsafeMutableBytes { _ = bind(local, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, count) }
        listen(local, 16)
    }
}
