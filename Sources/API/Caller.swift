package import Jobs

/// Who asks, and what it may do.
package struct Caller: Sendable, Equatable {
    /// What made us believe it.
    package enum Credential: Sendable, Equatable {
        /// The kernel, of a local user.
        case kernel
        /// The gateway, which asked an identity provider.
        case statement
    }

    /// The name under which its jobs are kept.
    package let owner: String
    package let role: Role
    package let credential: Credential

    package init(owner: String, role: Role, credential: Credential) {
        self.owner = owner
        self.role = role
        self.credential = credential
    }

    /// A local user. Root runs the service, and sees what it keeps anyway.
    package init(uid: UInt32) {
        self.init(owner: OwnerName.ofUser(uid), role: uid == 0 ? .operator : .submitter, credential: .kernel)
    }

    package var isOperator: Bool { role == .operator }

    package func maySee(_ job: Job) -> Bool { role.seesEverything || job.owner == owner }
}
