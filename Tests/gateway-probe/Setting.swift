import CLinux
import Glibc

/// What a test prepared for the attempts.
struct Setting {
    let socket: String
    /// A file of root's.
    let secret: String
    let folder: String
    let otherSocket: String
    /// Something listens there on 127.0.0.1.
    let port: UInt16
    /// A process of root's.
    let victim: Int32
}

/// A system call by number: 0, or the errno.
func kernel(_ number: Int, _ arguments: UInt64...) -> Int {
    func argument(_ index: Int) -> UInt64 { index < arguments.count ? arguments[index] : 0 }
    let answer = cl_call(number, argument(0), argument(1), argument(2), argument(3), argument(4), argument(5))
    return answer >= 0 ? 0 : Int(-answer)
}

/// The same for a call that answers a descriptor, which is closed again.
func opening(_ number: Int, _ arguments: UInt64...) -> Int {
    func argument(_ index: Int) -> UInt64 { index < arguments.count ? arguments[index] : 0 }
    let answer = cl_call(number, argument(0), argument(1), argument(2), argument(3), argument(4), argument(5))
    if answer > 2 { close(Int32(answer)) }
    return answer >= 0 ? 0 : Int(-answer)
}

/// What a call answers in a child of our own, which is not changed by it for the rest of us.
func inChild(_ body: () -> Int) -> Int {
    let pid = cl_call(Int(SYS_clone), UInt64(SIGCHLD), 0, 0, 0, 0, 0)
    if pid < 0 { return Int(-pid) }
    if pid == 0 { _exit(Int32(truncatingIfNeeded: body())) }
    var status: Int32 = 0
    waitpid(Int32(pid), &status, 0)
    return Int(status >> 8 & 0xff)
}

func withText(_ text: String, _ body: (UInt64) -> Int) -> Int {
    text.withCString { body(UInt64(UInt(bitPattern: $0))) }
}

func connectTo(_ path: String) -> Int {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return Int(errno) }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    return connected(descriptor, &address)
}

func connectTo(port: UInt16) -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return Int(errno) }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return connected(descriptor, &address)
}

private func connected<Address>(_ descriptor: Int32, _ address: inout Address) -> Int {
    let answer = withUnsafeBytes(of: &address) { bytes in
        bytes.withMemoryRebound(to: sockaddr.self) { connect(descriptor, $0.baseAddress, socklen_t(bytes.count)) }
    }
    return answer == 0 ? 0 : Int(errno)
}
