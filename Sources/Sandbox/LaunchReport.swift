internal import CLinux
internal import CSandbox
internal import Isolation
internal import Linux

/// What a fresh child says to its supervisor while its tape runs, one packet a word: a byte once it would die with it, the
/// listener of its filter if it has one, a failure if there is one.
struct LaunchReport {
    private(set) var failure: cs_failure?
    /// Where denied calls are heard of.
    private(set) var listener: CallListener?

    /// Takes what the child has said. It has called exec or is dead, so all of it is there.
    ///
    /// - Parameter channel: our end.
    /// - Throws: `LinuxError` when the channel fails.
    init(of channel: borrowing OwnedDescriptor) throws(LinuxError) {
        while let packet = try channel.receivePacket(limit: 64) {
            failure = failure ?? Self.failure(in: packet.bytes)
            if let descriptor = packet.takeDescriptor() { listener = CallListener(descriptor) }
        }
    }

    private static func failure(in bytes: [UInt8]) -> cs_failure? {
        guard bytes.count == MemoryLayout<cs_failure>.size else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: cs_failure.self) }
    }
}
