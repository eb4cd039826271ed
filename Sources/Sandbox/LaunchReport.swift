internal import CSandbox
internal import Linux

/// What a fresh child says to its supervisor while its tape runs, one packet a word: a byte once it would die with it, the
/// listener of its filter if it has one, a failure if there is one. It ends by exec or by death.
struct LaunchReport {
    private(set) var failure: cs_failure?
    /// Where denied calls are heard of.
    private(set) var listener: CallListener?

    /// Hears the child to its end.
    ///
    /// - Parameter channel: our end and the child's, of which our copy is closed.
    /// - Throws: `LinuxError` when the channel fails.
    init(hearing channel: consuming SocketPair) throws(LinuxError) {
        let reader = channel.takeOurs()
        while let packet = try reader.receivePacket(limit: 64) {
            failure = failure ?? Self.failure(in: packet.bytes)
            if let descriptor = packet.takeDescriptor() { listener = CallListener(descriptor) }
        }
    }

    private static func failure(in bytes: [UInt8]) -> cs_failure? {
        guard bytes.count == MemoryLayout<cs_failure>.size else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: cs_failure.self) }
    }
}
