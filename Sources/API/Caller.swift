package import Jobs

/// Who asks, as the kernel says: the user at the other end of the socket.
package struct Caller: Sendable, Equatable {
    package let uid: UInt32

    package init(uid: UInt32) { self.uid = uid }

    /// The name under which jobs are kept.
    package var owner: String { "uid:\(uid)" }

    /// Root runs the service, and sees what it keeps anyway.
    package var isOperator: Bool { uid == 0 }

    package func maySee(_ job: Job) -> Bool { isOperator || job.owner == owner }
}
