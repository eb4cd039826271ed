internal import CLinux
internal import SystemPackage

/// Two ends of one pipe(2), both above the numbers that a child's descriptors are put at.
package struct Pipe: ~Copyable {
    package let reader: OwnedDescriptor
    package let writer: OwnedDescriptor

    package init() throws(LinuxError) {
        let ends = try Pipe.descriptors("pipe") { pair throws(LinuxError) in
            try Kernel.call("pipe", Int(SYS_pipe2), pair, UInt64(O_CLOEXEC))
        }
        let first = OwnedDescriptor(owning: ends.0)
        let second = OwnedDescriptor(owning: ends.1)
        let raised = try first.raised()
        writer = try second.raised()
        reader = raised
    }

    /// Closes our writing end, so that the pipe ends when the last other one does.
    package consuming func takeReader() -> OwnedDescriptor { reader }

    /// A pair of descriptors that the kernel writes into an int[2].
    static func descriptors(
        _ stage: String, _ body: (UInt64) throws(LinuxError) -> Int
    ) throws(LinuxError) -> (Int32, Int32) {
        var pair: (Int32, Int32) = (-1, -1)
        _ = try withPointer(to: &pair, body)
        return pair
    }
}

/// Two ends of one connected Unix socket, both above the numbers that a child's descriptors are put at.
package struct SocketPair: ~Copyable {
    /// How bytes travel: as a stream, or each message whole (SOCK_SEQPACKET).
    package enum Kind: Sendable {
        case stream, packets

        fileprivate var number: UInt64 {
            switch self {
            case .stream: UInt64(SOCK_STREAM.rawValue)
            case .packets: UInt64(SOCK_SEQPACKET.rawValue)
            }
        }
    }

    package let ours: OwnedDescriptor
    package let theirs: OwnedDescriptor

    package init(_ kind: Kind = .stream) throws(LinuxError) {
        let ends = try Pipe.descriptors("socketpair") { pair throws(LinuxError) in
            try Kernel.call(
                "socketpair", Int(SYS_socketpair), UInt64(AF_UNIX), kind.number | UInt64(O_CLOEXEC), 0, pair)
        }
        let first = OwnedDescriptor(owning: ends.0)
        let second = OwnedDescriptor(owning: ends.1)
        let raised = try first.raised()
        theirs = try second.raised()
        ours = raised
    }
}
