package import Jobs

/// The user that the gateway runs as, and how far its word goes.
package struct Gateway: Sendable, Equatable {
    package let uid: UInt32
    /// The roles that it may state for those whom an identity provider named. A taken-over gateway can give these to anybody, so
    /// there is one that it never may.
    package let mayState: Set<Role>

    /// - Parameters:
    ///   - uid: nil is answered for 0: every request of a gateway that is root would be root's.
    ///   - mayState: more than `submitter` is the operator's explicit choice; `operator` is taken out.
    package init?(uid: UInt32, mayState: Set<Role> = [.submitter]) {
        guard uid != 0 else { return nil }
        self.uid = uid
        self.mayState = mayState.subtracting([.operator])
    }
}
