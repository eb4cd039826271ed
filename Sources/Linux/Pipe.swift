internal import CSandbox
internal import SystemPackage

/// Two ends of one pipe(2).
package struct Pipe: ~Copyable {
    package let reader: OwnedDescriptor
    package let writer: OwnedDescriptor

    package init() throws(LinuxError) {
        let ends = try Pipe.descriptors("pipe") { pair throws(LinuxError) in
            try Kernel.call("pipe", Int(SYS_pipe2), pair, UInt64(O_CLOEXEC))
        }
        reader = OwnedDescriptor(owning: ends.0)
        writer = OwnedDescriptor(owning: ends.1)
    }

    /// A pair of descriptors that the kernel writes into an int[2].
    static func descriptors(
        _ stage: String, _ body: (UInt64) throws(LinuxError) -> Int
    ) throws(LinuxError) -> (Int32, Int32) {
        var pair: (Int32, Int32) = (-1, -1)
        _ = try withPointer(to: &pair, body)
        return pair
    }
}

/// Two ends of one connected Unix stream socket.
package struct SocketPair: ~Copyable {
    package let ours: OwnedDescriptor
    package let theirs: OwnedDescriptor

    package init() throws(LinuxError) {
        let ends = try Pipe.descriptors("socketpair") { pair throws(LinuxError) in
            try Kernel.call(
                "socketpair", Int(SYS_socketpair), UInt64(AF_UNIX), UInt64(SOCK_STREAM.rawValue) | UInt64(O_CLOEXEC), 0,
                pair)
        }
        ours = OwnedDescriptor(owning: ends.0)
        theirs = OwnedDescriptor(owning: ends.1)
    }
}
