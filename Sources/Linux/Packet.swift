internal import CLinux
internal import Glibc
internal import SystemPackage

/// One message of a packet socket, and the descriptor that came with it.
package struct Packet: ~Copyable {
    package let bytes: [UInt8]
    private let descriptor: OwnedDescriptor?

    fileprivate init(bytes: [UInt8], descriptor: consuming OwnedDescriptor?) {
        self.bytes = bytes
        self.descriptor = descriptor
    }

    package consuming func takeDescriptor() -> OwnedDescriptor? { descriptor }
}

extension OwnedDescriptor {
    /// Takes one message that is there (recvmsg(2)); a descriptor in it is this process's own from here on, and close-on-exec.
    ///
    /// - Parameter limit: bytes that are taken; what is longer is cut.
    /// - Returns: the message; nil when none is waiting, or never will.
    /// - Throws: `LinuxError`; EMFILE when a descriptor came and this process can hold no more.
    package borrowing func receivePacket(limit: Int) throws(LinuxError) -> Packet? {
        var bytes = [UInt8](repeating: 0, count: limit)
        // struct cmsghdr {u64 length, int level, int type}, then one descriptor, padded to eight bytes (cmsg(3)).
        var control: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var flags: Int32 = 0
        let descriptor = raw
        let count = try withPointer(to: &control) { control throws(LinuxError) -> Int in
            var span = bytes.mutableSpan
            return try span.withUnsafeMutableBytes { buffer throws(LinuxError) -> Int in
                var part = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
                return try withUnsafeMutablePointer(to: &part) { part throws(LinuxError) -> Int in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = UnsafeMutableRawPointer(bitPattern: UInt(control))
                    message.msg_controllen = 24
                    let received = try withPointer(to: &message) { message throws(LinuxError) in
                        do throws(LinuxError) {
                            return try Kernel.call(
                                "receive packet", Int(SYS_recvmsg), UInt64(argument: descriptor), message,
                                UInt64(CL_MSG_CMSG_CLOEXEC | CL_MSG_DONTWAIT))
                        } catch {
                            guard error.errno == .resourceTemporarilyUnavailable else { throw error }
                            return 0
                        }
                    }
                    flags = message.msg_flags
                    return received
                }
            }
        }
        guard flags & Int32(CL_MSG_CTRUNC) == 0 else {
            throw LinuxError(stage: "receive descriptor", errno: .tooManyOpenFiles)
        }
        let came = control.0 == 20 && control.1 == UInt64(SOL_SOCKET) | UInt64(CL_SCM_RIGHTS) << 32
        let received = came ? OwnedDescriptor(owning: Int32(truncatingIfNeeded: control.2)) : nil
        if count == 0 { return nil }
        return Packet(bytes: Array(bytes.prefix(count)), descriptor: received)
    }
}
