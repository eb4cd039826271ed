internal import Synchronization

/// The way of a child from its clone to its exec or its end, on which there is one at a time.
///
/// Until then a child has a copy of every descriptor of this process. Two of them would hold the ends of each other's pipes, by
/// which each is to learn that this process was killed: neither would learn it. Two that wait for that would wait for ever,
/// with our locks and sockets in their hands, so that no next supervisor could start; two jobs would run on without one.
enum Passage {
    private static let gate = Mutex(())

    static func alone<Answer: ~Copyable>(
        _ body: () throws(SandboxError) -> sending Answer
    ) throws(SandboxError) -> sending Answer {
        try gate.withLock { _ throws(SandboxError) in try body() }
    }
}
