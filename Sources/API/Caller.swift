package import Jobs

/// Who asks, and what it may do.
package struct Caller: Sendable, Equatable {
    /// What made us believe it.
    package enum Credential: Sendable, Equatable {
        /// The kernel, of a local user.
        case kernel
        /// The gateway, which asked an identity provider.
        case statement
        /// A token that we made.
        case token(TokenID)
        /// A link that we made, to an artifact of this job. Such a caller is on no route but that one.
        case link(JobID)
    }

    /// The name under which its jobs are kept.
    package let owner: String
    package let role: Role
    package let credential: Credential

    /// Who asks for what is done now; nil for what the service does by itself. A task's own, as it belongs to no argument: the audit log
    /// says it of whatever is done.
    @TaskLocal package static var current: Caller?

    package init(owner: String, role: Role, credential: Credential) {
        self.owner = owner
        self.role = role
        self.credential = credential
    }

    /// A local user. Root runs the service, and sees what it keeps anyway.
    package init(uid: UInt32) {
        self.init(owner: OwnerName.ofUser(uid), role: uid == 0 ? .operator : .submitter, credential: .kernel)
    }

    package init(_ token: AccessToken) {
        self.init(owner: token.owner, role: token.role, credential: .token(token.id))
    }

    /// Whoever holds a link. No token and no provider can give the name.
    init(linkTo job: JobID) { self.init(owner: "link:", role: .submitter, credential: .link(job)) }

    package var isOperator: Bool { role == .operator }

    /// Root is not held to limits, or a flood through the gateway could lock it out.
    var isLimited: Bool { credential != .kernel || role != .operator }

    package func maySee(_ job: Job) -> Bool {
        if case .link(let id) = credential { return job.id == id }
        return role.seesEverything || job.owner == owner
    }
}
